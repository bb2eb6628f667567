/** Confidence against the share that is right, with intervals, above how many rows have it. */
import { useCallback } from "react";
import type { CalibrationPart } from "@/api/types";
import { count, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { PlotFigure } from "@/shared/PlotFigure";

export function Calibration({ part }: { part: CalibrationPart }) {
  const says = `Confidence and accuracy differ by ${percent(part.ece)} on average (${percent(part.ece_low)} – ${percent(part.ece_high)}).`;
  const draw = useCallback(
    (plot: typeof import("@observablehq/plot")) => {
      const bins = part.bins.map((bin) => ({ ...bin }));
      const first = Math.min(...bins.map(({ low }) => low ?? 0));
      const most = Math.max(...bins.map(({ n }) => n), 1);
      const shade = (n: number) => (0.22 * n) / most;
      return {
        x: { domain: [first, 1], label: "confidence", tickFormat: "%" },
        y: { domain: [0, 1], label: "right", tickFormat: "%", grid: true },
        marginLeft: 48,
        marks: [
          plot.rect(bins, {
            x1: "low",
            x2: "high",
            y1: 0,
            y2: (bin) => shade(bin.n),
            fill: "var(--mp-rows-all)",
            title: (bin) => `${count(bin.n)} rows`,
          }),
          plot.line([first, 1], {
            x: (x: number) => x,
            y: (x: number) => x,
            stroke: "var(--mp-soft)",
            strokeDasharray: "3 4",
          }),
          plot.ruleX(bins, {
            x: "confidence",
            y1: "accuracy_low",
            y2: "accuracy_high",
            stroke: "var(--mp-selected)",
          }),
          plot.dot(bins, {
            x: "confidence",
            y: "accuracy",
            r: 4,
            fill: "var(--mp-selected)",
            tip: true,
            title: (bin) =>
              `confidence ${percent(bin.confidence)}\nright ${percent(bin.accuracy)} (${percent(bin.accuracy_low)} – ${percent(bin.accuracy_high)})\n${count(bin.n)} rows`,
          }),
        ],
      };
    },
    [part],
  );
  return (
    <Panel title="Calibration" says={says}>
      <PlotFigure label={`Calibration. ${says}`} height={260} draw={draw} />
    </Panel>
  );
}
