/** The exploration of the address's cohort. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { evaluationKey, useEvaluation } from "@/api/queries";
import type { Exploration } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";

export function useExploration(columns: readonly string[] | undefined) {
  const { place } = useHere();
  const { search, set } = useSearch();
  const client = useQueryClient();
  const where = one(search, "where") ?? "";
  const query = useEvaluation<Exploration>(place, "explore", { where, columns });
  const go = useCallback((next: string) => set({ where: next || undefined, at: undefined }), [set]);

  // The address gets the canonical text, under which the answer is already known.
  const found = query.isPlaceholderData ? undefined : query.data;
  useEffect(() => {
    if (found === undefined || found.where === where) return;
    const key = evaluationKey(place, "explore", { where: found.where, columns });
    client.setQueryData(key, found);
    set({ where: found.where || undefined }, { replace: true });
  }, [found, where, client, place, columns, set]);

  return { where, query, go };
}
