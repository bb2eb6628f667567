/** The problem's metric over model versions, with intervals, against the bound of its check. */
import { useCallback } from "react";
import type { ProblemVersion } from "@/api/types";
import { metricName, number } from "@/shared/format";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 190;

export function HistoryChart({ rows }: { rows: readonly ProblemVersion[] }) {
  const known = rows.filter(({ value }) => value !== null);
  const metric = known[0]?.metric ?? "";
  const several = new Set(known.map(({ dataset }) => dataset)).size > 1;
  const draw = useCallback(
    (plot: Library) => {
      const name = (row: ProblemVersion) => (several ? `${row.model}\n${row.dataset}` : row.model);
      const bounds = known.filter(({ bound }) => bound !== null);
      return {
        marginLeft: 48,
        marginBottom: several ? 46 : 30,
        style: { background: "transparent", color: "var(--mp-text)", fontSize: "11px" },
        x: { type: "point" as const, domain: known.map(name), label: null, padding: 0.6 },
        y: { label: metricName(metric), grid: true, nice: true, zero: false },
        marks: [
          plot.line(known, {
            x: name,
            y: "value",
            z: "dataset", // figures of different rows are not joined by a line
            stroke: "var(--mp-soft)",
            strokeWidth: 1,
          }),
          plot.line(known, {
            x: name,
            y: "rest",
            z: "dataset",
            stroke: "var(--mp-rows-all)",
            strokeWidth: 2,
            strokeDasharray: "2 3",
          }),
          plot.dot(known, { x: name, y: "rest", r: 3, stroke: "var(--mp-soft)" }),
          plot.line(bounds, {
            x: name,
            y: "bound",
            stroke: "var(--mp-text)",
            strokeDasharray: "4 3",
            marker: "tick-y",
          }),
          plot.ruleX(known, {
            x: name,
            y1: "low",
            y2: "high",
            stroke: colour,
            strokeWidth: 2,
          }),
          plot.dot(known, { x: name, y: "value", r: 5, fill: colour }),
        ],
      };
    },
    [known, metric, several],
  );
  if (known.length === 0) return null;
  const words = known.map((row) => `${row.model} ${number(row.value)} ${row.verdict}`).join(", ");
  return (
    <PlotFigure
      height={HEIGHT}
      label={`${metricName(metric)} of the cohort by model version: ${words}`}
      draw={draw}
    />
  );
}

function colour({ verdict }: ProblemVersion): string {
  if (verdict === "pass") return "var(--mp-right)";
  return verdict === "fail" ? "var(--mp-wrong)" : "var(--mp-text)";
}
