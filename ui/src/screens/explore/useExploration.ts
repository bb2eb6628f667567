/** The exploration of the address's cohort, and the changes that clicks on bars make of it. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { evaluationPath, get } from "@/api/client";
import { evaluationKey, useEvaluation } from "@/api/queries";
import type { Exploration } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import type { Edit } from "@/screens/explore/edits";
import { toast } from "@/shared/toast";

interface Pending {
  column: string;
  /** The cohort that the edit changes, and the one that it makes. */
  base: Promise<string>;
  made: Promise<string>;
  abort: AbortController;
}

export function useExploration(columns: readonly string[] | undefined) {
  const { place } = useHere();
  const { search, set } = useSearch();
  const client = useQueryClient();
  const where = one(search, "where") ?? "";
  const query = useEvaluation<Exploration>(place, "explore", { where, columns });
  const pending = useRef<Pending | null>(null);

  const keep = useCallback(
    (found: Exploration) =>
      client.setQueryData(evaluationKey(place, "explore", { where: found.where, columns }), found),
    [client, place, columns],
  );

  const go = useCallback((next: string) => set({ where: next || undefined, at: undefined }), [set]);

  // The address gets the canonical text, under which the answer is already known.
  const canonical = query.isPlaceholderData ? undefined : query.data?.where;
  useEffect(() => {
    if (canonical === undefined || canonical === where || !query.data) return;
    keep(query.data);
    set({ where: canonical || undefined }, { replace: true });
  }, [canonical, where, query.data, keep, set]);

  const latest = useRef({ where, columns });
  latest.current = { where, columns };
  const edit = useCallback(
    (change: Edit) => {
      const { where, columns } = latest.current;
      const next = begin(pending.current, where, change, async (base, signal) => {
        const path = evaluationPath(place.model, place.dataset, "explore");
        const asked = { where: base, ...change, columns };
        return await get<Exploration>(path, asked, signal);
      });
      pending.current = next.pending;
      void next.found.then(
        (found) => {
          if (pending.current !== next.pending) return;
          pending.current = null;
          keep(found);
          go(found.where);
        },
        (error: unknown) => {
          if (pending.current === next.pending) pending.current = null;
          if (!isAborted(error)) toast({ text: messageOf(error), isFault: true });
        },
      );
    },
    [place, keep, go],
  );

  return { where, query, edit, go };
}

/** An edit of the same column takes the place of one that is under way; others follow it. */
function begin(
  before: Pending | null,
  where: string,
  change: Edit,
  ask: (base: string, signal: AbortSignal) => Promise<Exploration>,
) {
  const isInstead = before !== null && before.column === change.column && change.mode !== "add";
  if (isInstead) before.abort.abort();
  const base = before === null ? Promise.resolve(where) : isInstead ? before.base : before.made;
  const abort = new AbortController();
  const found = base.then((text) => ask(text, abort.signal));
  const made = found.then((exploration) => exploration.where);
  made.catch(() => undefined);
  return { found, pending: { column: change.column, base, made, abort } };
}

function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The filter could not be set.";
}
