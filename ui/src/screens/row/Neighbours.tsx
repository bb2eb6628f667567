/** The rows that are most like this one, and what is different there. */
import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Example, Neighbour } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/row/Neighbours.module.css";
import { cell, count } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function Neighbours({ example }: { example: Example }) {
  const { neighbours, neighbours_by } = example;
  if (neighbours.length === 0) return null;
  const wrong = neighbours.filter(({ correct }) => correct === false).length;
  const says = wrong > 0 ? `The model is wrong on ${count(wrong)} of these.` : undefined;
  return (
    <Panel title="Rows most like it" says={says}>
      <ul className={classes.list}>
        {neighbours.map((neighbour) => (
          <Like key={neighbour.row} neighbour={neighbour} />
        ))}
      </ul>
      {neighbours_by !== "" && <p className={classes.by}>Alike by {neighbours_by}.</p>}
    </Panel>
  );
}

const LONG = 80;

function Like({ neighbour }: { neighbour: Neighbour }) {
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
          {id === null || id === undefined ? `Row ${row}` : cell(id)}
        </Link>
        <span className={correct === false ? "mp-wrong" : ""}>
          {correct === false && <IconX size={13} stroke={2.5} aria-label="wrong:" />}{" "}
          {cell(prediction)}
        </span>
        {label !== null && correct === false && <span className="mp-soft">is {cell(label)}</span>}
      </div>
      <ul className={classes.differences}>
        {differences.map(({ column, value, other }) => (
          <li key={column} title={`${column}: ${cell(value)} here, ${cell(other)} there`}>
            <span className="mp-soft">{column}</span> {short(other)}
          </li>
        ))}
        {differences.length === 0 && <li className="mp-soft">no difference</li>}
      </ul>
    </li>
  );
}

function short(value: unknown): string {
  const text = cell(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}
