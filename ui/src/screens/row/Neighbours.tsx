/** The rows that are most like this one, and what is different there. */
import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEvaluation } from "@/api/queries";
import type { Example, Neighbour, RowsPage } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/row/Neighbours.module.css";
import { cell, count } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function Neighbours({ example }: { example: Example }) {
  const { neighbours, neighbours_by } = example;
  const texts = useTexts(neighbours);
  if (neighbours.length === 0) return null;
  const wrong = neighbours.filter(({ correct }) => correct === false).length;
  const says = wrong > 0 ? `The model is wrong on ${count(wrong)} of these.` : undefined;
  return (
    <Panel title="Rows most like it" says={says}>
      <ul className={classes.list}>
        {neighbours.map((neighbour) => (
          <Like key={neighbour.row} neighbour={neighbour} text={texts.get(neighbour.row)} />
        ))}
      </ul>
      {neighbours_by !== "" && <p className={classes.by}>Alike by {neighbours_by}.</p>}
    </Panel>
  );
}

/** The neighbours' texts by row, where the rows are texts. */
function useTexts(neighbours: readonly Neighbour[]): ReadonlyMap<number, string> {
  const { place, facts } = useHere();
  const column = facts.columns.find(({ type, role }) => type === "text" && role === "input")?.name;
  const numbers = neighbours.map(({ row }) => row).join(", ");
  const query = useEvaluation<RowsPage>(
    place,
    "rows",
    { where: `row IN (${numbers})`, columns: ["row", column ?? ""] },
    { enabled: column !== undefined && numbers !== "" },
  );
  const rows = column === undefined ? [] : (query.data?.rows ?? []);
  return new Map(rows.map((row) => [Number(row.row), cell(row[column ?? ""])]));
}

const LONG = 80;

function Like({ neighbour, text }: { neighbour: Neighbour; text: string | undefined }) {
  const { place } = useHere();
  const { row, id, label, prediction, correct, differences } = neighbour;
  return (
    <li className={classes.row} data-wrong={correct === false || undefined}>
      <div className={classes.head}>
        <Link
          to="/e/$model/$dataset/row/$row"
          params={{ ...place, row: String(row) }}
          className={classes.link}
        >
          Row {row}
        </Link>
        {id !== null && id !== undefined && <span className="mp-soft">{cell(id)}</span>}
        <span className={correct === false ? "mp-wrong" : ""}>
          {correct === false && <IconX size={13} stroke={2.5} aria-label="wrong:" />}{" "}
          {cell(prediction)}
        </span>
        {label !== null && correct === false && <span className="mp-soft">is {cell(label)}</span>}
      </div>
      {text !== undefined && <p className={classes.text}>{text}</p>}
      <ul className={classes.differences} aria-label="What is different">
        {differences.map(({ column, value, other }) => (
          <li key={column} title={`${column}: ${cell(value)} here, ${cell(other)} there`}>
            <span className="mp-soft">
              {column} {short(value)} →
            </span>{" "}
            {short(other)}
          </li>
        ))}
      </ul>
    </li>
  );
}

function short(value: unknown): string {
  const text = cell(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}
