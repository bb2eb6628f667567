/** What the table shows: of which cohort, in which order, which columns, and the rows in view. */
import { useCallback, useMemo, useState } from "react";
import type { ColumnFacts } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { askedColumns, shownColumns } from "@/screens/explore/table/columns";
import { type RowPages, type RowsAsked, useRowPages } from "@/screens/explore/table/useRowPages";

/** What the address says of the table, whatever the cohort. */
export interface View {
  columns: readonly ColumnFacts[];
  order_by: string | undefined;
  /** Names of the columns to ask for. */
  names: readonly string[];
  /** The position to begin at. */
  start: number;
}

export function useView(): View {
  const { facts } = useHere();
  const { search } = useSearch();
  const order_by = one(search, "order_by");
  const start = Math.max(0, Number(one(search, "at")) || 0);
  const chosen = many(search, "columns")?.join("\n");
  const columns = useMemo(() => shownColumns(facts, chosen?.split("\n")), [facts, chosen]);
  const names = useMemo(() => askedColumns(facts, columns), [facts, columns]);
  return useMemo(() => ({ columns, order_by, names, start }), [columns, order_by, names, start]);
}

export interface TableState {
  view: View;
  asked: RowsAsked;
  pages: RowPages;
  setRange: (first: number, last: number) => void;
}

const AT_FIRST = 40;

export function useTable(where: string, view: View): TableState {
  const { order_by, names, start } = view;
  const asked = useMemo(() => ({ where, order_by, columns: names }), [where, order_by, names]);
  const [range, set] = useState<readonly [number, number]>([start, start + AT_FIRST]);
  const setRange = useCallback((first: number, last: number) => set([first, last]), []);
  const pages = useRowPages(asked, start, ...range);
  return { view, asked, pages, setRange };
}
