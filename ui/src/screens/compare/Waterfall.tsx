/** From the metric before to the metric now, factor by factor, each with its interval. */
import type { ChangedFactor, WhatChanged } from "@/api/types";
import classes from "@/screens/compare/Waterfall.module.css";
import { counted, differing, metricName, metricShow, percent } from "@/shared/format";

export function Waterfall({ found }: { found: WhatChanged }) {
  const show = metricShow(found.metric);
  const changed = found.rows.filter(({ is_changed }) => is_changed);
  const still = found.rows.filter(({ is_changed }) => !is_changed);
  const steps = stepsOf(found, changed);
  const at = scaleOf(found, steps);
  const isGood = found.higher_is_better !== false;
  return (
    <>
      <ol className={classes.steps} aria-label={`${metricName(found.metric)}, step by step`}>
        <End
          name={found.before}
          value={found.value_before}
          low={found.low_before}
          high={found.high_before}
          n={found.n_before}
          show={show}
          at={at}
        />
        {steps.map(({ row, start, end }) => (
          <li key={row.factor} title={row.working}>
            <span className={classes.factor}>
              <b>{row.factor}</b>
              <span className={classes.small}>{row.words}</span>
            </span>
            <span className={classes.axis} aria-hidden>
              <i
                className={classes.step}
                data-word={wordOf(row, isGood)}
                style={{
                  left: `${at(Math.min(start, end))}%`,
                  right: `${100 - at(Math.max(start, end))}%`,
                }}
              />
              {row.low !== null && row.high !== null && (
                <i
                  className={classes.range}
                  style={{
                    left: `${at(start + row.low)}%`,
                    right: `${100 - at(start + row.high)}%`,
                  }}
                />
              )}
            </span>
            <span className={classes.amounts}>
              <b>{differing(row.value, row.low, row.high, show).amount}</b>
              <span className="mp-soft">
                {differing(row.value, row.low, row.high, show).span}
                {row.share !== null && `, ${percent(row.share).replace("-", "−")} of it`}
                {!row.is_certain && "; may be chance"}
              </span>
              <span className={classes.small}>
                {row.before} → {row.after}
                {row.n > 0 && ` · ${counted(row.n, "row")}`}
              </span>
            </span>
          </li>
        ))}
        <End
          name={found.after}
          value={found.value_after}
          low={found.low_after}
          high={found.high_after}
          n={found.n_after}
          show={show}
          at={at}
        />
      </ol>
      <details className={classes.still}>
        <summary>Not changed: {still.map(({ factor }) => factor).join(", ")}</summary>
        <ul>
          {still.map((row) => (
            <li key={row.factor}>
              <b>{row.factor}</b>: {row.working}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

interface EndProps {
  name: string;
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  show: (value: number | null | undefined) => string;
  at: (x: number) => number;
}

function End({ name, value, low, high, n, show, at }: EndProps) {
  return (
    <li>
      <span className={classes.factor}>
        <b>{name}</b>
      </span>
      <span className={classes.axis} aria-hidden>
        {low !== null && high !== null && (
          <i
            className={classes.range}
            style={{ left: `${at(low)}%`, right: `${100 - at(high)}%` }}
          />
        )}
        {value !== null && <i className={classes.dot} style={{ left: `${at(value)}%` }} />}
      </span>
      <span className={classes.amounts}>
        <b>{show(value)}</b>
        <span className="mp-soft">
          {show(low)} to {show(high)} · {counted(n, "row")}
        </span>
      </span>
    </li>
  );
}

interface Step {
  row: ChangedFactor;
  start: number;
  end: number;
}

/** Where each bar begins and ends, one behind the other. */
function stepsOf(found: WhatChanged, rows: readonly ChangedFactor[]): Step[] {
  let start = found.value_before ?? 0;
  return rows.map((row) => {
    const step = { row, start, end: start + (row.value ?? 0) };
    start = step.end;
    return step;
  });
}

/** Percents of the axis, which holds all bars and intervals. */
function scaleOf(found: WhatChanged, steps: readonly Step[]): (x: number) => number {
  const ends = [
    found.low_before ?? found.value_before,
    found.high_before ?? found.value_before,
    found.low_after ?? found.value_after,
    found.high_after ?? found.value_after,
    ...steps.flatMap(({ row, start, end }) => [
      end,
      start + (row.low ?? 0),
      start + (row.high ?? 0),
    ]),
  ].filter((x): x is number => x !== null);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const pad = (most - least) * 0.05 || 0.01;
  return (x) => (100 * (x - least + pad)) / (most - least + 2 * pad);
}

function wordOf({ value, is_certain }: ChangedFactor, isGood: boolean): string {
  if (!is_certain) return "unclear";
  return (value ?? 0) > 0 === isGood ? "better" : "worse";
}
