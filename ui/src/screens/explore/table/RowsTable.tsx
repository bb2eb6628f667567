/** The rows of the cohort, any number of them. */
import { type MouseEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { useHere } from "@/app/EvaluationFrame";
import { Failure } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { gridTracks, isLong } from "@/screens/explore/table/columns";
import { Foot } from "@/screens/explore/table/Foot";
import { clicked } from "@/screens/explore/table/order";
import classes from "@/screens/explore/table/RowsTable.module.css";
import { rowsInView } from "@/screens/explore/table/scaled";
import { OVERSCAN, TableBody } from "@/screens/explore/table/TableBody";
import { TableHead } from "@/screens/explore/table/TableHead";
import type { Marks } from "@/screens/explore/table/useMarks";
import { useRowKeys } from "@/screens/explore/table/useRowKeys";
import { useRowLinks } from "@/screens/explore/table/useRowLinks";
import { useScaledScroll } from "@/screens/explore/table/useScaledScroll";
import type { TableState } from "@/screens/explore/table/useTable";
import { phrasesOf } from "@/shared/cohortText";

const HEIGHTS = { head: 32, row: 34, text: 48 };
/** Told with the position of a row that is to be shown. */
export const GO_TO_ROW = "mp-go-to-row";

interface RowsTableProps {
  table: TableState;
  marks: Marks;
  onTag: () => void;
}

export function RowsTable({ table, marks, onTag }: RowsTableProps) {
  const { view, pages, setRange } = table;
  const { columns, start } = view;
  const { asked } = pages;
  const { facts } = useHere();
  const { set } = useSearch();
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(start > 0 ? start : -1);
  const rowHeight = columns.some(isLong) ? HEIGHTS.text : HEIGHTS.row;
  const { total, rowAt, key } = pages;
  const scaled = useScaledScroll(grid, total, rowHeight, HEIGHTS.head);
  const { show, track, scroll } = scaled;
  const { from, to } = rowsInView(track, scroll, 0);
  const { hrefOf, openRow } = useRowLinks(asked);
  const phrases = useMemo(() => byColumn(asked.where), [asked.where]);

  useEffect(() => setRange(from - OVERSCAN, to + OVERSCAN), [setRange, from, to]);

  // Another cohort or order begins at its start, or where the address says.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the rows
  useEffect(() => {
    show(start);
    setCurrent(start > 0 ? start : -1);
  }, [key]);

  const goTo = useCallback(
    (position: number) => {
      const next = Math.max(0, Math.min(position, total - 1));
      setCurrent(next);
      show(next, "near");
    },
    [show, total],
  );

  useEffect(() => {
    const jump = (event: Event) => {
      const position = Number((event as CustomEvent).detail);
      setCurrent(position);
      show(position);
    };
    window.addEventListener(GO_TO_ROW, jump);
    return () => window.removeEventListener(GO_TO_ROW, jump);
  }, [show]);

  const open = useCallback(
    (position: number) => {
      const row = rowAt(position)?.row;
      if (row === undefined) return;
      void openRow(Number(row), position);
    },
    [rowAt, openRow],
  );

  const mark = useCallback(
    (position: number, isRange: boolean) => {
      const row = rowAt(position)?.row;
      if (isRange) void marks.extend(position);
      else if (row !== undefined) marks.toggle(Number(row), position);
    },
    [rowAt, marks],
  );

  const press = useRowKeys(grid, {
    total,
    page: Math.max(1, to - from - 1),
    current,
    goTo,
    open,
    mark,
    tag: onTag,
  });

  function click(event: MouseEvent) {
    const target = event.target as Element;
    const row = target.closest<HTMLElement>("[data-position]");
    if (!row) return;
    const position = Number(row.dataset.position);
    if (target.closest("[data-open]")) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the browser opens a tab
      event.preventDefault();
      open(position);
      return;
    }
    setCurrent(position);
    if (target.closest("[data-mark]") || event.shiftKey) mark(position, event.shiftKey);
  }

  const sort = useCallback(
    (column: string, isMore: boolean) =>
      set({ order_by: clicked(table.asked.order_by, column, isMore), at: undefined }),
    [set, table.asked.order_by],
  );

  return (
    <div className={classes.table}>
      {pages.error !== undefined && <Failure error={pages.error} retry={pages.retry} />}
      {/* biome-ignore lint/a11y/useSemanticElements: <table> cannot be virtual */}
      <div
        ref={grid}
        role="grid"
        aria-label="Rows"
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
        tabIndex={0}
        className={classes.grid}
        data-stale={pages.isStale || undefined}
        onScroll={scaled.onScroll}
        onKeyDown={press}
        onClick={click}
        onDoubleClick={(event) => {
          const row = (event.target as Element).closest<HTMLElement>("[data-position]");
          if (row) open(Number(row.dataset.position));
        }}
      >
        <div
          className={classes.inner}
          style={
            {
              "--tracks": gridTracks(columns, facts),
              "--row-height": `${rowHeight}px`,
            } as React.CSSProperties
          }
        >
          <TableHead columns={columns} order={table.asked.order_by} onSort={sort} />
          <TableBody
            id={id}
            scaled={scaled}
            rowAt={rowAt}
            columns={columns}
            phrases={phrases}
            current={current}
            marked={marks.rows}
            hrefOf={hrefOf}
          />
        </div>
      </div>
      <Foot from={from} to={to} total={total} onGoTo={(position) => goToTop(position)} />
    </div>
  );

  function goToTop(position: number) {
    window.dispatchEvent(new CustomEvent(GO_TO_ROW, { detail: position }));
    grid.current?.focus({ preventScroll: true });
  }
}

function byColumn(where: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const { column, phrase } of phrasesOf(where)) {
    const phrases = found[column] ?? [];
    phrases.push(phrase);
    found[column] = phrases;
  }
  return found;
}
