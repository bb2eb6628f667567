/** Parts of the overview of the rows that the address names. */
import { useEvaluation } from "@/api/queries";
import type { OverviewData } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { PARTS } from "@/screens/overview/parts";

export type OverviewQuery = ReturnType<typeof useOverview>;

export function useOverview(of: keyof typeof PARTS) {
  const { place } = useHere();
  const { search } = useSearch();
  const params = { where: one(search, "where"), parts: PARTS[of] };
  return useEvaluation<OverviewData>(place, "overview", params);
}
