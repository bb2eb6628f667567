/** The rows that are in view, on a track as high as a browser bears. */
import { memo } from "react";
import type { ColumnFacts } from "@/api/types";
import { rowsInView, trackHeight } from "@/screens/explore/table/scaled";
import { TableRow } from "@/screens/explore/table/TableRow";
import type { Row } from "@/screens/explore/table/useRowPages";
import type { ScaledScroll } from "@/screens/explore/table/useScaledScroll";

export const OVERSCAN = 3;

interface TableBodyProps {
  id: string;
  scaled: ScaledScroll;
  rowAt: (position: number) => Row | undefined;
  columns: readonly ColumnFacts[];
  phrases: Readonly<Record<string, readonly string[]>>;
  current: number;
  marked: ReadonlySet<number>;
  hrefOf: (row: string) => string;
}

export const TableBody = memo(function TableBody(props: TableBodyProps) {
  const { id, scaled, rowAt, columns, phrases, current, marked, hrefOf } = props;
  const { track, scroll } = scaled;
  const { first, last } = rowsInView(track, scroll, OVERSCAN);
  const positions = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual table has no <tbody>
    <div role="rowgroup" style={{ height: trackHeight(track), position: "relative" }}>
      {positions.map((position) => {
        const row = rowAt(position);
        return (
          <TableRow
            key={position}
            id={`${id}-${position}`}
            position={position}
            row={row}
            top={position * track.rowHeight - scroll.offset}
            columns={columns}
            phrases={phrases}
            isCurrent={position === current}
            isMarked={row !== undefined && marked.has(Number(row.row))}
            hrefOf={hrefOf}
          />
        );
      })}
    </div>
  );
});
