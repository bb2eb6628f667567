/** How the loss (or the residual) is spread, the wrong rows' part in orange. */
import { useCallback } from "react";
import type { HistogramPart, SpreadPart } from "@/api/types";
import { count, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { PlotFigure } from "@/shared/PlotFigure";

export function Spread({ part }: { part: SpreadPart }) {
  const shown = part.residual ?? part.loss;
  if (!shown) return null;
  const says =
    part.worst_tenth === null
      ? ""
      : `The worst tenth of the rows has ${percent(part.worst_tenth)} of all loss.`;
  return (
    <Panel title={shown.column === "residual" ? "Residuals" : "Loss"} says={says}>
      <Bars histogram={shown} />
    </Panel>
  );
}

function Bars({ histogram }: { histogram: HistogramPart }) {
  const { column, edges, counts, wrong, n } = histogram;
  const draw = useCallback(
    (plot: typeof import("@observablehq/plot")) => {
      const bars = counts.map((rows, i) => ({
        low: edges[i],
        high: edges[i + 1],
        rows,
        wrong: wrong[i] ?? 0,
      }));
      const title = (bar: (typeof bars)[number]) =>
        `${number(bar.low)} to ${number(bar.high)}\n${count(bar.rows)} rows`;
      return {
        x: { label: column },
        y: { label: "rows", grid: true },
        marginLeft: 52,
        marks: [
          plot.rectY(bars, {
            x1: "low",
            x2: "high",
            y: "rows",
            fill: "var(--mp-rows)",
            title,
            tip: true,
          }),
          plot.rectY(bars, { x1: "low", x2: "high", y: "wrong", fill: "var(--mp-wrong)" }),
          plot.ruleY([0], { stroke: "var(--mp-line)" }),
        ],
      };
    },
    [column, edges, counts, wrong],
  );
  return (
    <PlotFigure label={`Histogram of ${column} over ${count(n)} rows`} height={240} draw={draw} />
  );
}
