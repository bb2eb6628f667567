import { memo } from "react";
import type { ColumnFacts } from "@/api/types";
import { Cell } from "@/screens/explore/table/Cell";
import { isNumber } from "@/screens/explore/table/columns";
import classes from "@/screens/explore/table/TableRow.module.css";
import type { Row } from "@/screens/explore/table/useRowPages";

interface TableRowProps {
  id: string;
  position: number;
  /** Undefined while it is loading. */
  row: Row | undefined;
  top: number;
  columns: readonly ColumnFacts[];
  phrases: Readonly<Record<string, readonly string[]>>;
  isCurrent: boolean;
  isMarked: boolean;
  /** The address of a row's page. */
  hrefOf: (row: string) => string;
}

const NONE: readonly string[] = [];

/** A row; what is done to it is seen to by the table (`data-position`, `data-mark`). */
export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { id, position, row, top, columns, phrases, isCurrent, isMarked, hrefOf } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: a virtual table has no <tr>
    <div
      id={id}
      role="row"
      aria-rowindex={position + 2}
      aria-selected={isMarked}
      className={classes.row}
      style={{ top }}
      data-position={position}
      data-loaded={row ? "" : undefined}
      data-current={isCurrent || undefined}
      data-wrong={row?.correct === false || undefined}
    >
      {row ? (
        <>
          <FirstCell row={row} isMarked={isMarked} hrefOf={hrefOf} />
          {columns.map((column) => (
            // biome-ignore lint/a11y/useSemanticElements: a virtual table has no <td>
            // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
            <div
              key={column.name}
              role="gridcell"
              className={classes.cell}
              data-number={isNumber(column) || undefined}
            >
              <Cell column={column} row={row} phrases={phrases[column.name] ?? NONE} />
            </div>
          ))}
        </>
      ) : (
        <Waiting columns={columns.length} />
      )}
    </div>
  );
});

type FirstCellProps = Pick<TableRowProps, "isMarked" | "hrefOf"> & { row: Row };

function FirstCell({ row, isMarked, hrefOf }: FirstCellProps) {
  const number = String(row.row);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual table has no <td>
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div role="gridcell" className={`${classes.cell} ${classes.first}`}>
      <input
        type="checkbox"
        checked={isMarked}
        readOnly
        tabIndex={-1}
        data-mark=""
        aria-label={`Mark row ${number}`}
      />
      <a
        href={hrefOf(number)}
        className={classes.number}
        tabIndex={-1}
        data-open=""
        aria-label={`Open row ${number}`}
      >
        {number}
      </a>
    </div>
  );
}

function Waiting({ columns }: { columns: number }) {
  return Array.from({ length: columns + 1 }, (_, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
    // biome-ignore lint/a11y/useSemanticElements: a virtual table has no <td>
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div key={place} role="gridcell" aria-label="loading" className={classes.cell}>
      <span className={classes.waiting} />
    </div>
  ));
}
