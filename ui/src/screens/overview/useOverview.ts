/** Parts of the overview of the rows that the address names. */
import { useEvaluation } from "@/api/queries";
import type { OverviewData } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";

/** Asked for one after the other, the quick ones first. */
export const PARTS = {
  quality: ["metrics", "baselines", "calibration", "confusion", "curves", "error classes"],
  errors: ["slices", "cards", "mistakes", "near misses", "spread"],
};

export function useOverview(of: keyof typeof PARTS) {
  const { place } = useHere();
  const { search } = useSearch();
  const params = { where: one(search, "where"), parts: PARTS[of] };
  return useEvaluation<OverviewData>(place, "overview", params);
}
