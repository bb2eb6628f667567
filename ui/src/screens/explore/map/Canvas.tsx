/** The points, the lasso that is drawn, and those that the cohort has. */
import { useEffect, useRef, useState } from "react";
import classes from "@/screens/explore/map/MapPanel.module.css";
import type { Points } from "@/screens/explore/map/points";
import { type Renderer, rendererOf } from "@/screens/explore/map/renderer";
import { type Bounds, type Place, toPixels, type Viewport } from "@/screens/explore/map/viewport";

interface CanvasProps {
  points: Points;
  bounds: Bounds;
  colors: Uint8Array;
  view: Viewport;
  /** In pixels: the line that is being drawn. */
  line: readonly Place[];
  polygons: readonly (readonly Place[])[];
  onMissing: () => void;
}

export function Canvas({ points, bounds, colors, view, line, polygons, onMissing }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [renderer, setRenderer] = useState<Renderer | null>(null);
  const [lost, setLost] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a lost context is made again
  useEffect(() => {
    const of = canvas.current;
    const made = of && rendererOf(of, points, bounds);
    if (!made) {
      onMissing();
      return;
    }
    setRenderer(made);
    const lose = (event: Event) => event.preventDefault();
    const restore = () => setLost((times) => times + 1);
    of.addEventListener("webglcontextlost", lose);
    of.addEventListener("webglcontextrestored", restore);
    return () => {
      of.removeEventListener("webglcontextlost", lose);
      of.removeEventListener("webglcontextrestored", restore);
      setRenderer(null);
      made.dispose();
    };
  }, [points, bounds, onMissing, lost]);

  useEffect(() => renderer?.paint(colors), [renderer, colors]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new colours are drawn, too
  useEffect(() => {
    if (!renderer) return;
    const frame = requestAnimationFrame(() => renderer.draw(view));
    return () => cancelAnimationFrame(frame);
  }, [renderer, view, colors]);

  return (
    <>
      <canvas ref={canvas} className={classes.canvas} aria-hidden />
      <svg className={classes.lines} aria-hidden>
        {polygons.map((corners) => (
          <path
            key={corners.join(" ")}
            className={classes.polygon}
            d={`${pathOf(corners.map((corner) => toPixels(view, corner)))}Z`}
          />
        ))}
        {line.length > 1 && <path className={classes.line} d={pathOf(line)} />}
      </svg>
    </>
  );
}

function pathOf(line: readonly Place[]): string {
  return `M${line.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
}
