/** Which labels are taken for what more, or less, often than before. */
import type { CSSProperties } from "react";
import type { ConfusionChange, ModelPair } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/compare/Compare.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { count, counted, probability, signed } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const MOST_CLASSES = 12; // of a grid; more are listed
const SHOWN = 10;

export function Confusion({ pair }: { pair: ModelPair }) {
  const { confusion } = pair;
  const { facts } = useHere();
  if (confusion.length === 0) return null;
  const used = new Set(confusion.flatMap((c) => [String(c.label), String(c.prediction)]));
  const names = facts.classes.map(String).filter((name) => used.has(name));
  return (
    <Panel
      title="Confusion, difference"
      says={`Rows that ${pair.model} puts into each cell more (+) or less (−) often than ${pair.against}. Green is for the better, orange for the worse.`}
    >
      {names.length <= MOST_CLASSES ? (
        <Grid cells={confusion} names={names} />
      ) : (
        <List cells={confusion.filter(({ difference }) => difference !== 0).slice(0, SHOWN)} />
      )}
    </Panel>
  );
}

function Grid({ cells, names }: { cells: readonly ConfusionChange[]; names: readonly string[] }) {
  const most = Math.max(1, ...cells.map(({ difference }) => Math.abs(difference)));
  const at = (label: string, prediction: string) =>
    cells.find((c) => String(c.label) === label && String(c.prediction) === prediction);
  return (
    <Scroll label="Table of changed confusions">
      <table className={classes.grid}>
        <thead>
          <tr>
            <th scope="col">label ↓ prediction →</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((label) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {names.map((prediction) => (
                <Cell key={prediction} of={at(label, prediction)} most={most} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Cell({ of, most }: { of: ConfusionChange | undefined; most: number }) {
  if (!of) return <td className="mp-soft">0</td>;
  const strength = Math.sqrt(Math.abs(of.difference) / most);
  return (
    <td data-word={wordOf(of)} style={{ "--strength": strength } as CSSProperties}>
      <b>{signed(of.difference, count)}</b>
      <span className={classes.small}>
        {count(of.before)} → {count(of.after)}
      </span>
      <Moves of={of} />
    </td>
  );
}

/** Rows that came into the cell and that left it, which lead to Explore. */
function Moves({ of }: { of: ConfusionChange }) {
  const named = `${of.label} said to be ${of.prediction}`;
  return (
    <span className={classes.small} title={`p ${probability(of.p)} of as many coming as going`}>
      {of.came > 0 && of.where ? (
        <CohortLink where={of.where} title={`${named}: new`}>{`${count(of.came)} came`}</CohortLink>
      ) : (
        `${count(of.came)} came`
      )}
      {", "}
      {of.left > 0 && of.where_left ? (
        <CohortLink
          where={of.where_left}
          title={`${named}: no longer`}
        >{`${count(of.left)} left`}</CohortLink>
      ) : (
        `${count(of.left)} left`
      )}
    </span>
  );
}

function List({ cells }: { cells: readonly ConfusionChange[] }) {
  return (
    <ul className={classes.cells}>
      {cells.map((of) => (
        <li key={`${of.label} ${of.prediction}`} data-word={wordOf(of)}>
          <b>{signed(of.difference, count)}</b>
          <span>
            <b>{String(of.label)}</b> said to be <b>{String(of.prediction)}</b>: {count(of.before)}{" "}
            → {counted(of.after, "row")} <Moves of={of} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function wordOf({ label, prediction, difference }: ConfusionChange): string {
  if (difference === 0) return "same";
  return (label === prediction) === difference > 0 ? "better" : "worse";
}
