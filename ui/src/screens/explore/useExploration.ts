/** The exploration of the address's cohort. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { evaluationKey, useEvaluation } from "@/api/queries";
import type { Exploration } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";

export function useExploration(columns: readonly string[] | undefined) {
  const { place } = useHere();
  const { search, set } = useSearch();
  const client = useQueryClient();
  const address = one(search, "where") ?? "";
  // Panels follow a click at once, some ten milliseconds before the address does.
  const [ahead, setAhead] = useState<{ of: string; where: string } | null>(null);
  const where = ahead?.of === address ? ahead.where : address;
  const query = useEvaluation<Exploration>(place, "explore", { where, columns });
  const latest = useRef(address);
  latest.current = address;
  const go = useCallback(
    (next: string) => {
      setAhead({ of: latest.current, where: next });
      set({ where: next || undefined, at: undefined });
    },
    [set],
  );
  if (ahead && ahead.of !== address) setAhead(null);

  // The address gets the canonical text, under which the answer is already known.
  const found = query.isPlaceholderData ? undefined : query.data;
  useEffect(() => {
    if (found === undefined || found.where === where || where !== address) return;
    const key = evaluationKey(place, "explore", { where: found.where, columns });
    client.setQueryData(key, found);
    set({ where: found.where || undefined }, { replace: true });
  }, [found, where, address, client, place, columns, set]);

  return { where, query, go };
}
