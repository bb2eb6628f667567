import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { memo } from "react";
import type { ColumnFacts } from "@/api/types";
import { isNumber } from "@/screens/explore/table/columns";
import { directionOf } from "@/screens/explore/table/order";
import classes from "@/screens/explore/table/TableHead.module.css";

interface TableHeadProps {
  columns: readonly ColumnFacts[];
  order: string | undefined;
  onSort: (column: string, isMore: boolean) => void;
}

const SAID = { 1: "ascending", [-1]: "descending", 0: "none" } as const;

export const TableHead = memo(function TableHead({ columns, order, onSort }: TableHeadProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual table has no <tr>
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus
    <div role="row" aria-rowindex={1} className={classes.head}>
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual table has no <th> */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: it does nothing */}
      <div role="columnheader" className={`${classes.cell} ${classes.first}`}>
        <span className={classes.row}>row</span>
      </div>
      {columns.map((column) => {
        const direction = directionOf(order, column.name);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a virtual table has no <th>
          // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
          <div
            key={column.name}
            role="columnheader"
            aria-sort={SAID[direction]}
            className={classes.cell}
          >
            <button
              type="button"
              className={classes.button}
              data-number={isNumber(column) || undefined}
              data-own={!column.is_reserved || undefined}
              title={`${column.name} (${column.type}): sort; with Shift after the others`}
              onClick={(event) => onSort(column.name, event.shiftKey)}
            >
              <span>{column.name}</span>
              {direction === -1 && <IconArrowDown size={13} aria-hidden />}
              {direction === 1 && <IconArrowUp size={13} aria-hidden />}
            </button>
          </div>
        );
      })}
    </div>
  );
});
