/** Labels against predictions: numbers while there is room, else colours and the worst pairs. */
import { SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { ConfusionPart, Facts } from "@/api/types";
import classes from "@/screens/overview/Confusion.module.css";
import { HeatMap } from "@/screens/overview/HeatMap";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { isClass } from "@/shared/values";

interface ConfusionProps {
  part: ConfusionPart;
  classes: Facts["classes"];
}

const ROOM = 12; // classes whose numbers can be read
const PAIRS = 8;

export function Confusion({ part, classes: known }: ConfusionProps) {
  const [unit, setUnit] = useState("share");
  const names = part.classes;
  const values = names.map((name) => known.find((item) => String(item) === name) ?? name);
  const counts = countsOf(part);
  const pairs = worstPairs(counts).slice(0, PAIRS);
  return (
    <Panel
      title="Confusion"
      says="Rows: what is true. Columns: what the model said. A click shows the rows."
      actions={
        names.length <= ROOM && (
          <SegmentedControl
            size="xs"
            value={unit}
            onChange={setUnit}
            data={[
              { value: "share", label: "Share" },
              { value: "count", label: "Rows" },
            ]}
            aria-label="Unit"
          />
        )
      }
    >
      {names.length <= ROOM ? (
        <Grid part={part} counts={counts} values={values} unit={unit} />
      ) : (
        <div className={classes.wide}>
          <HeatMap part={part} counts={counts} values={values} />
          <div>
            <Text size="sm" fw={600}>
              Most frequent confusions
            </Text>
            <ol className={classes.pairs}>
              {pairs.map(([i, j, n]) => (
                <li key={`${i} ${j}`}>
                  <ExploreLink where={cellWhere(values[i] ?? null, values[j] ?? null)}>
                    {names[i]} → {names[j]}
                  </ExploreLink>{" "}
                  <span className="mp-soft">{count(n)}</span>
                </li>
              ))}
            </ol>
          </div>
        </div>
      )}
      {part.n_classes > names.length && (
        <Text size="sm" className="mp-soft">
          {names.length} of {part.n_classes} classes.
        </Text>
      )}
    </Panel>
  );
}

type Scalar = Facts["classes"][number];

export function cellWhere(label: Scalar, prediction: Scalar): string {
  return `${isClass("label", label)} AND ${isClass("prediction", prediction)}`;
}

type Counts = readonly (readonly number[])[];

function countsOf(part: ConfusionPart): Counts {
  return part.counts.map((row) => row.map((n) => n ?? 0));
}

function worstPairs(counts: Counts): [number, number, number][] {
  const pairs: [number, number, number][] = [];
  counts.forEach((row, i) => {
    row.forEach((n, j) => {
      if (i !== j && n > 0) pairs.push([i, j, n]);
    });
  });
  return pairs.sort((a, b) => b[2] - a[2]);
}

interface GridProps {
  part: ConfusionPart;
  counts: Counts;
  values: Scalar[];
  unit: string;
}

function Grid({ part, counts, values, unit }: GridProps) {
  return (
    <div className={classes.scroll}>
      <table className={classes.grid}>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              true ↓ said →
            </th>
            {part.classes.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">rows</th>
          </tr>
        </thead>
        <tbody>
          {counts.map((row, i) => {
            const total = row.reduce((sum, n) => sum + n, 0);
            return (
              <tr key={part.classes[i]}>
                <th scope="row">{part.classes[i]}</th>
                {row.map((n, j) => (
                  <td
                    key={part.classes[j]}
                    data-right={i === j}
                    style={{ "--share": total ? n / total : 0 } as React.CSSProperties}
                  >
                    <ExploreLink
                      where={cellWhere(values[i] ?? null, values[j] ?? null)}
                      className={classes.cell}
                      label={`${part.classes[i]} said to be ${part.classes[j]}: ${count(n)} rows`}
                    >
                      {unit === "share" ? percent(total ? n / total : null) : count(n)}
                    </ExploreLink>
                  </td>
                ))}
                <td className={classes.total}>{count(total)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
