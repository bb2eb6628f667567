/** Parts of the overview of the rows that the address names. */
import { useEvaluation } from "@/api/queries";
import type { OverviewData } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";

/** The quick parts come first; mistakes want the telling columns, and the confidence, beside. */
export const PARTS = {
  quality: [
    "metrics",
    "baselines",
    "confusion",
    "calibration",
    "curves",
    "threshold",
    "error classes",
    "spread",
  ],
  errors: ["slices", "cards", "mistakes", "near misses", "calibration"],
};

export type OverviewQuery = ReturnType<typeof useOverview>;

export function useOverview(of: keyof typeof PARTS) {
  const { place } = useHere();
  const { search } = useSearch();
  const params = { where: one(search, "where"), parts: PARTS[of] };
  return useEvaluation<OverviewData>(place, "overview", params);
}
