/** What the table shows: of which cohort, in which order, which columns, and the rows in view. */
import { useCallback, useMemo, useState } from "react";
import type { ColumnFacts } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { askedColumns, shownColumns } from "@/screens/explore/table/columns";
import { type RowPages, type RowsAsked, useRowPages } from "@/screens/explore/table/useRowPages";

export interface TableState {
  asked: RowsAsked;
  columns: readonly ColumnFacts[];
  /** The position to begin at. */
  start: number;
  pages: RowPages;
  /** Rows of the dataset, which the width of their numbers is for. */
  rows: number;
  setRange: (first: number, last: number) => void;
}

const AT_FIRST = 40;

export function useTable(where: string): TableState {
  const { facts } = useHere();
  const { search } = useSearch();
  const order_by = one(search, "order_by");
  const chosen = many(search, "columns");
  const start = Math.max(0, Number(one(search, "at")) || 0);
  const key = chosen?.join("\n");
  const columns = useMemo(() => shownColumns(facts, key?.split("\n")), [facts, key]);
  const names = columns.map(({ name }) => name).join("\n");
  const asked = useMemo(
    () => ({ where, order_by, columns: askedColumns(facts, names.split("\n")) }),
    [where, order_by, facts, names],
  );
  const [range, set] = useState<readonly [number, number]>([start, start + AT_FIRST]);
  const setRange = useCallback((first: number, last: number) => set([first, last]), []);
  const pages = useRowPages(asked, start, ...range);
  return { asked, columns, start, pages, rows: facts.n, setRange };
}
