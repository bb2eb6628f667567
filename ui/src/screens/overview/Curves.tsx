/** ROC and precision-recall curves of the positive class, or of the classes. */
import { SegmentedControl } from "@mantine/core";
import { useCallback, useState } from "react";
import type { CurvePart } from "@/api/types";
import { number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { PlotFigure } from "@/shared/PlotFigure";

const AXES: Record<string, [string, string, string]> = {
  roc: ["false positives", "true positives", "ROC"],
  pr: ["recall", "precision", "Precision-recall"],
};

export function Curves({ curves }: { curves: readonly CurvePart[] }) {
  const kinds = [...new Set(curves.map(({ kind }) => kind))];
  const [kind, setKind] = useState(kinds[0] ?? "roc");
  const shown = curves.filter((curve) => curve.kind === kind);
  const [x, y, title] = AXES[kind] ?? ["x", "y", kind];
  const says = shown
    .slice(0, 3)
    .map(
      ({ label, area, low, high }) =>
        `${label}: area ${number(area)} (${number(low)} – ${number(high)})`,
    )
    .join("; ");
  const draw = useCallback(
    (plot: typeof import("@observablehq/plot")) => {
      const points = shown.flatMap(({ label, x: xs, y: ys }) =>
        xs.map((value, i) => ({ label, x: value, y: ys[i] })),
      );
      const base = shown[0] ? shown[0].positives / shown[0].n : 0;
      const chance = kind === "roc" ? [0, 1] : [base, base];
      return {
        x: { domain: [0, 1], label: x, tickFormat: "%" },
        y: { domain: [0, 1], label: y, tickFormat: "%", grid: true },
        color: { legend: false },
        marginLeft: 48,
        marks: [
          plot.line(chance, {
            x: (_: number, i: number) => i,
            y: (value: number) => value,
            stroke: "var(--mp-soft)",
            strokeDasharray: "3 4",
          }),
          plot.line(points, {
            x: "x",
            y: "y",
            z: "label",
            stroke: shown.length > 1 ? "label" : "var(--mp-selected)",
            strokeWidth: 2,
            curve: kind === "roc" ? "linear" : "step-before",
            tip: true,
            title: (point) => `${point.label}\n${x} ${percent(point.x)}\n${y} ${percent(point.y)}`,
          }),
        ],
      };
    },
    [shown, kind, x, y],
  );
  return (
    <Panel
      title={`${title} curve`}
      says={says}
      actions={
        kinds.length > 1 && (
          <SegmentedControl
            size="xs"
            value={kind}
            onChange={setKind}
            data={kinds.map((value) => ({ value, label: AXES[value]?.[2] ?? value }))}
            aria-label="Curve"
          />
        )
      }
    >
      <PlotFigure label={`${title} curve. ${says}`} height={260} draw={draw} />
    </Panel>
  );
}
