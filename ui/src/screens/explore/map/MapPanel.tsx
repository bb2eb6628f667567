/** The map in its states: there, to be made, being made. */
import { Button, Skeleton, Text } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";
import { exported, refusalOf } from "@/api/exported";
import { queryClient, useWork } from "@/api/queries";
import type { EmbeddingMap, Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { ExportNote } from "@/app/ExportNote";
import { Failure } from "@/app/states";
import classes from "@/screens/explore/map/MapPanel.module.css";
import { JobProgress } from "@/shared/JobProgress";

const MapView = lazy(async () => ({
  default: (await import("@/screens/explore/map/MapView")).MapView,
}));

interface MapPanelProps {
  exploration: Exploration;
  onGo: (where: string) => void;
}

export function MapPanel({ exploration, onGo }: MapPanelProps) {
  const { place, facts } = useHere();
  const [isAsked, setAsked] = useState(false);
  const isOn = !exported() && (facts.map === "ready" || isAsked);
  const work = useWork<EmbeddingMap>(place, "map", {}, { enabled: isOn });
  const map = work.data?.result;
  const job = work.data?.job;
  const isNew = map !== undefined && facts.map !== "ready";

  // With the map the evaluation has the columns map_x and map_y.
  useEffect(() => {
    if (!isNew) return;
    const queryKey = ["evaluation", place.model, place.dataset, "facts"];
    void queryClient.invalidateQueries({ queryKey });
  }, [isNew, place]);

  const held = exported();
  if (facts.map === "none") return null;
  return (
    <section aria-labelledby="map-title" className={classes.panel}>
      <h2 id="map-title" className={classes.title}>
        Map
      </h2>
      {held && <ExportNote says={refusalOf(held, "holds no map", "see the rows as points")} />}
      {!isOn && !held && (
        <>
          <Text size="sm" className="mp-soft" mb="xs">
            Every row as a point, near those that are like it. Groups of errors are seen there, and
            selected by drawing around them.
          </Text>
          <Button size="compact-sm" variant="light" onClick={() => setAsked(true)}>
            Make the map
          </Button>
        </>
      )}
      {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {job && <JobProgress job={job} retry={work.restart} />}
      {isOn && !map && !job && !work.isError && <Skeleton height={260} />}
      {map && (
        <Suspense fallback={<Skeleton height={260} />}>
          <MapView map={map} exploration={exploration} onGo={onGo} />
        </Suspense>
      )}
    </section>
  );
}
