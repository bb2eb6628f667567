/** What moves the model over the rows of a cohort: asked for by a click, or known already. */
import { useEffect } from "react";
import { queryClient, useWork } from "@/api/queries";
import type { Explanation, Facts } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";

export function useExplanation(where: string | undefined) {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const hasColumns = hasAttributions(facts);
  const isAsked = facts.can_call_model && (hasColumns || one(search, "explain") !== undefined);
  const work = useWork<Explanation>(
    place,
    "explanation",
    { where },
    { enabled: isAsked, keepsBefore: true },
  );
  const found = work.data?.result;
  useNewColumns(found);
  return { work, found, isAsked, ask: () => set({ explain: "1" }, { replace: true }) };
}

/** The attributions are columns once rows were explained: look at the columns again. */
export function useNewColumns(found: Explanation | undefined) {
  const { place, facts } = useHere();
  const isNew = found !== undefined && !hasAttributions(facts);
  useEffect(() => {
    if (!isNew) return;
    const key = ["evaluation", place.model, place.dataset, "facts"];
    void queryClient.invalidateQueries({ queryKey: key });
  }, [isNew, place]);
}

/** Whether rows were explained before, so that asking again costs next to nothing. */
function hasAttributions({ columns }: Facts): boolean {
  return columns.some(({ name, is_reserved }) => is_reserved && name.startsWith("shap_"));
}
