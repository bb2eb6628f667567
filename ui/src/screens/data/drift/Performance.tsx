/** What the drift means for the model: before, as its own probabilities say now, and as labels say. */
import type { Drift, PerformanceChange } from "@/api/types";
import classes from "@/screens/data/drift/Drift.module.css";
import { type IntervalLine, Intervals } from "@/screens/data/Intervals";
import { count, counted, metricName, metricShow } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function Performance({ found }: { found: Drift }) {
  if (found.performance.length === 0) return null;
  return (
    <Panel
      title="What it means for the model"
      says="Estimates need no labels: they stand on the model's own probabilities, or, where it gives numbers, on what was learned of its errors before. Where there are labels, the real value stands beside."
    >
      <div className={classes.metrics}>
        {found.performance.map((row) => (
          <Metric key={row.metric} row={row} />
        ))}
      </div>
    </Panel>
  );
}

function Metric({ row }: { row: PerformanceChange }) {
  const show = metricShow(row.metric);
  const lines: IntervalLine[] = [
    {
      name: "before",
      value: row.reference,
      low: row.reference_low,
      high: row.reference_high,
    },
    {
      name: "estimated now",
      value: row.estimated,
      low: row.estimated_low,
      high: row.estimated_high,
    },
    ...(row.real === null
      ? []
      : [
          {
            name: "really now",
            value: row.real,
            low: row.real_low,
            high: row.real_high,
            tone: "strong" as const,
          },
        ]),
  ];
  return (
    <div>
      <h3 className={classes.metric}>{metricName(row.metric)}</h3>
      <Intervals lines={lines} show={show} />
      <p className="mp-soft mp-note">
        {counted(row.reference_n, "row")} before;{" "}
        {row.real_n > 0 ? `labels of ${count(row.real_n)} now` : "no labels now yet"}
      </p>
    </div>
  );
}
