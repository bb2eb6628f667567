/** The map of the rows: a lasso is a condition of the cohort. */
import { Text } from "@mantine/core";
import { useMergedRef } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import type { EmbeddingMap, Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Canvas } from "@/screens/explore/map/Canvas";
import type { ColorBy } from "@/screens/explore/map/colors";
import { insideText, polygonsOf, withLasso } from "@/screens/explore/map/lasso";
import classes from "@/screens/explore/map/MapPanel.module.css";
import { Legend, MapTools } from "@/screens/explore/map/MapTools";
import { gridOf, nearest } from "@/screens/explore/map/nearest";
import { Pointed } from "@/screens/explore/map/Pointed";
import { pointsOf, STEPS } from "@/screens/explore/map/points";
import { useColors } from "@/screens/explore/map/useColors";
import { type Tool, usePointer } from "@/screens/explore/map/usePointer";
import { useViewport } from "@/screens/explore/map/useViewport";
import { type Bounds, cornersOf, type Place, toPlace } from "@/screens/explore/map/viewport";

interface MapViewProps {
  map: EmbeddingMap;
  exploration: Exploration;
  onGo: (where: string) => void;
}

const REACH = 9; // pixels from the pointer to a point

export function MapView({ map, exploration, onGo }: MapViewProps) {
  const { place, facts } = useHere();
  const navigate = useNavigate();
  const { where, chips } = exploration;
  const points = useMemo(() => pointsOf(map), [map]);
  const grid = useMemo(() => gridOf(points), [points]);
  const bounds = useMemo(() => boundsOf(map), [map]);
  const { ref, whole, view, setView, fit } = useViewport(bounds);
  const element = useRef<HTMLDivElement>(null);
  const merged = useMergedRef(ref, element);
  const [tool, setTool] = useState<Tool>("lasso");
  const [by, setBy] = useState<ColorBy>("error");
  const [pointed, setPointed] = useState<{ row: number; at: Place } | null>(null);
  const [isMissing, setMissing] = useState(false);
  const { colors, keys } = useColors(map, points, by, where);
  const polygons = useMemo(() => polygonsOf(chips), [chips]);
  const miss = useCallback(() => setMissing(true), []);

  function rowAt(pixel: Place): number | undefined {
    const [x, y] = toPlace(view, pixel);
    const across = (bounds.right - bounds.left) / STEPS || 1;
    const up = (bounds.top - bounds.bottom) / STEPS || 1;
    const reach = REACH / view.scale;
    const at = [(x - bounds.left) / across, (y - bounds.bottom) / up] as const;
    return points.row[nearest(points, grid, at, [reach / across, reach / up])];
  }

  function take(corners: readonly Place[]) {
    const lasso = insideText(corners);
    if (lasso) onGo(withLasso(chips, lasso));
  }

  function open(row: number) {
    const to = "/e/$model/$dataset/row/$row";
    const search = { where: where || undefined } as never;
    void navigate({ to, params: { ...place, row: String(row) }, search });
  }

  const { line, handlers } = usePointer({
    element,
    tool,
    whole,
    setView,
    onLasso: (drawn) => take(drawn.map((pixel) => toPlace(view, pixel))),
    onClick: (at) => {
      const row = rowAt(at);
      if (row !== undefined) open(row);
    },
    onHover: (at) => {
      const row = at ? rowAt(at) : undefined;
      setPointed(at && row !== undefined ? { row, at } : null);
    },
  });

  if (isMissing) return <NoWebGl />;
  return (
    <>
      <MapTools tool={tool} onTool={setTool} onFit={fit} onTakeView={() => take(cornersOf(view))} />
      <div
        ref={merged}
        className={classes.map}
        role="application"
        aria-label={`Map of ${facts.dataset}: ${map.note} Arrows move it, + and − zoom.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys move the map
        tabIndex={0}
        data-tool={tool}
        {...handlers}
      >
        <Canvas
          points={points}
          bounds={bounds}
          colors={colors}
          view={view}
          line={line}
          polygons={polygons}
          onMissing={miss}
        />
        {pointed && <Pointed {...pointed} width={view.width} />}
      </div>
      <Legend by={by} coded={map.coded} keys={keys} onBy={setBy} />
      <Text size="xs" className="mp-soft" mt={4}>
        {map.note}
      </Text>
    </>
  );
}

function NoWebGl() {
  return (
    <Text size="sm" className="mp-soft">
      This browser draws no WebGL, which the map needs. Its coordinates are the columns map_x and
      map_y all the same; a cohort can be written of them.
    </Text>
  );
}

function boundsOf(map: EmbeddingMap): Bounds {
  const [left, bottom, right, top] = map.bounds;
  return { left: left ?? 0, bottom: bottom ?? 0, right: right ?? 1, top: top ?? 1 };
}
