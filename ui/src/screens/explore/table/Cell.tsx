/** A value in the table. */
import { IconX } from "@tabler/icons-react";
import type { ColumnFacts } from "@/api/types";
import { isLong } from "@/screens/explore/table/columns";
import classes from "@/screens/explore/table/TableRow.module.css";
import type { Row } from "@/screens/explore/table/useRowPages";
import { cell } from "@/shared/format";
import { Highlighted } from "@/shared/Highlighted";

const LONGEST = 600;

interface CellProps {
  column: ColumnFacts;
  row: Row;
  phrases: readonly string[];
}

export function Cell({ column, row, phrases }: CellProps) {
  const value = row[column.name];
  if (value === null || value === undefined) return <span className="mp-soft">–</span>;
  if (column.name === "prediction" && row.correct === false) return <Wrong row={row} />;
  if (typeof value === "string" && isLong(column)) {
    const text = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
    return (
      <span className={classes.text}>
        <Highlighted text={text} phrases={phrases} />
      </span>
    );
  }
  return <span title={typeof value === "string" ? value : undefined}>{cell(value)}</span>;
}

function Wrong({ row }: { row: Row }) {
  const says = `Wrong: it is ${cell(row.label)}`;
  return (
    <span className={classes.wrong} title={says}>
      <IconX size={13} stroke={2.5} aria-label="wrong" />
      {cell(row.prediction)}
    </span>
  );
}
