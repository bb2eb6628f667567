/** Where the threshold of the address lies on a curve; the curve's own points say it. */
import { useMemo } from "react";
import { useEvaluation } from "@/api/queries";
import type { PrecisionRecallCurve, RocCurve } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { chosenThreshold } from "@/screens/overview/threshold";

export interface Point {
  threshold: number;
  x: number | null;
  y: number | null;
}

export function useThresholdPoint(kind: string): Point | undefined {
  const { place, facts } = useHere();
  const { search } = useSearch();
  const params = { where: one(search, "where") };
  const isRoc = kind === "roc";
  const { data } = useEvaluation<RocCurve | PrecisionRecallCurve>(
    place,
    isRoc ? "roc" : "precision-recall",
    params,
    { enabled: facts.task.kind === "binary" },
  );
  const chosen = chosenThreshold(search);
  return useMemo(() => {
    const points = (data?.rows ?? []).map((row) => ({
      threshold: row.threshold,
      ...("recall" in row
        ? { x: row.recall, y: row.precision }
        : { x: row.false_positive_rate, y: row.true_positive_rate }),
    }));
    return nearest(points, chosen);
  }, [data, chosen]);
}

function nearest(points: (Omit<Point, "threshold"> & { threshold: number | null })[], at: number) {
  let best: Point | undefined;
  for (const { threshold, x, y } of points) {
    if (threshold === null) continue;
    if (!best || Math.abs(threshold - at) < Math.abs(best.threshold - at)) {
      best = { threshold, x, y };
    }
  }
  return best && { ...best, threshold: at };
}
