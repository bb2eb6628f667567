/** A click on a bar: one request for all panels and one for the rows, both at once. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { evaluationPath, get } from "@/api/client";
import { evaluationKey, type Place } from "@/api/queries";
import type { Exploration, RowsPage } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import type { Edit } from "@/screens/explore/edits";
import { firstPage, rowsParams } from "@/screens/explore/table/useRowPages";
import type { View } from "@/screens/explore/table/useTable";
import { toast } from "@/shared/toast";

/** How long panels that are there wait for the rows, so that both are painted at once. */
const TOGETHER_MS = 30;

interface Pending {
  column: string;
  /** The cohort that the edit changes, and the one that it makes. */
  base: Promise<string>;
  made: Promise<string>;
  abort: AbortController;
}

interface Asked {
  where: string;
  columns: readonly string[] | undefined;
  view: View;
}

/** `go` is called with the cohort that the edit made, whose answers are then known. */
export function useEdit(asked: Asked, go: (where: string) => void): (edit: Edit) => void {
  const { place } = useHere();
  const client = useQueryClient();
  const pending = useRef<Pending | null>(null);
  const latest = useRef(asked);
  latest.current = asked;

  return useCallback(
    (edit: Edit) => {
      const { where, columns, view } = latest.current;
      const next = begin(pending.current, where, edit);
      const { signal } = next.abort;
      const found = next.base.then((base) => {
        const rows = rowsAfter(place, base, edit, view, signal);
        const change = { where: base, ...edit, columns };
        return { rows, panels: panelsAfter(place, change, signal) };
      });
      const made = found.then(({ panels }) => panels).then((panels) => panels.where);
      made.catch(() => undefined); // an edit that follows is told, or there is none
      pending.current = { ...next, made };
      const isLast = () => pending.current?.abort === next.abort;

      void found
        .then(async ({ rows, panels: asking }) => {
          const panels = await asking;
          if (!isLast()) return;
          pending.current = null;
          const { where } = panels;
          client.setQueryData(evaluationKey(place, "explore", { where, columns }), panels);
          const key = evaluationKey(place, "rows", rowsParams(firstPage(where, view)));
          const keeping = client.prefetchQuery({ queryKey: key, queryFn: () => rows });
          await Promise.race([keeping, new Promise((done) => setTimeout(done, TOGETHER_MS))]);
          go(where);
        })
        .catch((error: unknown) => {
          if (isLast()) pending.current = null;
          if (!isAborted(error)) toast({ text: messageOf(error), isFault: true });
        });
    },
    [place, client, go],
  );
}

/** An edit of the same column takes the place of one that is under way; others follow it. */
function begin(before: Pending | null, where: string, edit: Edit): Omit<Pending, "made"> {
  const isInstead = before !== null && before.column === edit.column && edit.mode !== "add";
  if (isInstead) before.abort.abort();
  const base = before === null ? Promise.resolve(where) : isInstead ? before.base : before.made;
  return { column: edit.column, base, abort: new AbortController() };
}

function panelsAfter(place: Place, change: Edit & Partial<Asked>, signal: AbortSignal) {
  const path = evaluationPath(place.model, place.dataset, "explore");
  return get<Exploration>(path, change as never, signal);
}

function rowsAfter(place: Place, where: string, edit: Edit, view: View, signal: AbortSignal) {
  const path = evaluationPath(place.model, place.dataset, "rows");
  const rows = get<RowsPage>(path, { ...rowsParams(firstPage(where, view)), ...edit }, signal);
  rows.catch(() => undefined); // who asks for them is told
  return rows;
}

function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The filter could not be set.";
}
