/** Rows that a person has marked, by their number in the dataset. */
import { useCallback, useMemo, useState } from "react";
import { evaluationPath, get } from "@/api/client";
import type { Place } from "@/api/queries";
import type { RowsPage } from "@/api/types";
import type { RowsAsked } from "@/screens/explore/table/useRowPages";
import { count } from "@/shared/format";
import { toast } from "@/shared/toast";

const PAGE = 1_000;
const MOST = 20_000;

export interface Marks {
  rows: ReadonlySet<number>;
  toggle: (row: number, position: number) => void;
  /** Mark all from the row that was marked last to this position. */
  extend: (position: number) => Promise<void>;
  clear: () => void;
}

export function useMarks(place: Place, asked: RowsAsked): Marks {
  const [rows, setRows] = useState<ReadonlySet<number>>(new Set());
  const [anchor, setAnchor] = useState<number | null>(null);
  const key = JSON.stringify([asked.where, asked.order_by]);

  const toggle = useCallback((row: number, position: number) => {
    setAnchor(position);
    setRows((before) => {
      const next = new Set(before);
      if (!next.delete(row)) next.add(row);
      return next;
    });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is asked
  const extend = useCallback(
    async (position: number) => {
      const from = Math.min(anchor ?? position, position);
      const to = Math.max(anchor ?? position, position);
      if (to - from >= MOST) {
        const text = `${count(to - from + 1)} rows are too many to mark; tag the whole cohort.`;
        toast({ text, isFault: true });
        return;
      }
      const found = await numbersOf(place, asked, from, to);
      setAnchor(position);
      setRows((before) => new Set([...before, ...found]));
    },
    [anchor, place, key],
  );

  const clear = useCallback(() => setRows(new Set()), []);
  return useMemo(() => ({ rows, toggle, extend, clear }), [rows, toggle, extend, clear]);
}

async function numbersOf(place: Place, asked: RowsAsked, from: number, to: number) {
  const numbers: number[] = [];
  for (let offset = from; offset <= to; offset += PAGE) {
    const limit = Math.min(PAGE, to - offset + 1);
    const page = await get<RowsPage>(evaluationPath(place.model, place.dataset, "rows"), {
      where: asked.where,
      order_by: asked.order_by,
      columns: ["row"],
      offset,
      limit,
    });
    for (const row of page.rows) numbers.push(Number(row.row));
  }
  return numbers;
}
