/** The rows of the cohort, any number of them. */
import {
  type CSSProperties,
  type MouseEvent,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
} from "react";
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
import { useCurrent } from "@/screens/explore/table/useCurrent";
import type { Marks } from "@/screens/explore/table/useMarks";
import { useRowKeys } from "@/screens/explore/table/useRowKeys";
import { useRowLinks } from "@/screens/explore/table/useRowLinks";
import { useScaledScroll } from "@/screens/explore/table/useScaledScroll";
import type { TableState } from "@/screens/explore/table/useTable";
import { phrasesByColumn } from "@/shared/cohortText";

const HEIGHTS = { head: 32, row: 34, text: 48 };

interface RowsTableProps {
  table: TableState;
  marks: Marks;
  onTag: () => void;
}

export function RowsTable({ table, marks, onTag }: RowsTableProps) {
  const { view, pages, setRange } = table;
  const { columns, start, order_by } = view;
  const { asked, total, rowAt, key } = pages;
  const { facts } = useHere();
  const { set } = useSearch();
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const rowHeight = columns.some(isLong) ? HEIGHTS.text : HEIGHTS.row;
  const scaled = useScaledScroll(grid, total, rowHeight, HEIGHTS.head);
  const { from, to } = rowsInView(scaled.track, scaled.scroll, 0);
  const { current, setCurrent, goTo, jumpTo } = useCurrent({
    key,
    start,
    total,
    show: scaled.show,
  });
  const { hrefOf, openRow } = useRowLinks(asked);
  const phrases = useMemo(() => phrasesByColumn(asked.where), [asked.where]);

  useEffect(() => setRange(from - OVERSCAN, to + OVERSCAN), [setRange, from, to]);

  const open = useCallback(
    (position: number) => {
      const row = rowAt(position)?.row;
      if (row !== undefined) void openRow(Number(row), position);
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

  const page = Math.max(1, to - from - 1);
  const press = useRowKeys(grid, { total, page, current, goTo, open, mark, tag: onTag });

  function click(event: MouseEvent) {
    const target = event.target as Element;
    const position = positionOf(target);
    if (position === undefined) return;
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
      set({ order_by: clicked(order_by, column, isMore), at: undefined }),
    [set, order_by],
  );

  if (pages.error !== undefined && pages.isStale) {
    return (
      <div className={classes.failed}>
        <Failure error={pages.error} retry={pages.retry} />
      </div>
    );
  }
  const style = { "--tracks": gridTracks(columns, facts), "--row-height": `${rowHeight}px` };
  return (
    <div className={classes.table}>
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
          const position = positionOf(event.target as Element);
          if (position !== undefined) open(position);
        }}
      >
        <div className={classes.inner} style={style as CSSProperties}>
          <TableHead columns={columns} order={order_by} onSort={sort} />
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
      <Foot
        from={from}
        to={to}
        total={total}
        onGoTo={(position) => {
          jumpTo(position);
          grid.current?.focus({ preventScroll: true });
        }}
      />
    </div>
  );
}

function positionOf(target: Element): number | undefined {
  const position = target.closest<HTMLElement>("[data-position]")?.dataset.position;
  return position === undefined ? undefined : Number(position);
}
