/** ROC and precision-recall curves of the positive class, or of the classes, with the threshold. */
import { SegmentedControl } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import type { CurvePart } from "@/api/types";
import classes from "@/screens/overview/Curves.module.css";
import { type Point, useThresholdPoint } from "@/screens/overview/useThresholdPoint";
import { percent, short } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const AXES: Record<string, [string, string, string]> = {
  roc: ["false positives", "true positives", "ROC"],
  pr: ["recall", "precision", "Precision-recall"],
};
const TONES = [
  "var(--mp-selected)",
  "var(--mp-right)",
  "#b0569f",
  "#a8740c",
  "var(--mp-soft)",
  "#4e8f1f",
] as const;

export function Curves({ curves }: { curves: readonly CurvePart[] }) {
  const kinds = [...new Set(curves.map(({ kind }) => kind))];
  const [chosen, setKind] = useState("roc");
  const kind = kinds.includes(chosen) ? chosen : (kinds[0] ?? "roc");
  const shown = useMemo(() => curves.filter((curve) => curve.kind === kind), [curves, kind]);
  const point = useThresholdPoint(kind);
  const title = AXES[kind]?.[2] ?? kind;
  const draw = useCallback(
    (plot: Library) => drawn(plot, shown, kind, point),
    [shown, kind, point],
  );
  const areas = shown.map(({ label, area }) => `${label}: area ${short(area)}`).join("; ");
  return (
    <Panel
      name="curves"
      title={`${title} curve`}
      actions={
        kinds.length > 1 && (
          <SegmentedControl
            size="xs"
            value={kind}
            onChange={setKind}
            data={kinds.map((value) => ({
              value,
              label: value === "pr" ? "PR" : (AXES[value]?.[2] ?? value),
            }))}
            aria-label="Curve"
          />
        )
      }
    >
      <ul className={classes.legend}>
        {shown.map(({ label, area, low, high }, i) => (
          <li key={label}>
            <i style={{ background: TONES[i % TONES.length] }} aria-hidden />
            <span className={classes.label}>{label}</span> area {short(area)}{" "}
            <span className="mp-soft">
              {short(low)} – {short(high)}
            </span>
          </li>
        ))}
        {point && (
          <li>
            <i className={classes.point} aria-hidden />
            threshold {short(point.threshold)}
          </li>
        )}
      </ul>
      <PlotFigure label={`${title} curve. ${areas}`} height={240} draw={draw} />
    </Panel>
  );
}

function drawn(plot: Library, shown: readonly CurvePart[], kind: string, point: Point | undefined) {
  const [x = "", y = ""] = AXES[kind] ?? [];
  const points = shown.flatMap(({ label, x: xs, y: ys }, tone) =>
    xs.map((value, i) => ({ label, tone, x: value, y: ys[i] ?? null })),
  );
  const base = shown.length === 1 && shown[0] ? shown[0].positives / shown[0].n : null;
  const chance = kind === "roc" ? [0, 1] : base === null ? [] : [base, base];
  return {
    x: { domain: [0, 1], label: x, tickFormat: "%", ticks: 5 },
    y: { domain: [0, 1], label: y, tickFormat: "%", ticks: 5 },
    marginLeft: 44,
    marginBottom: 42,
    marks: [
      plot.gridY([0, 0.25, 0.5, 0.75, 1], { stroke: "var(--mp-line)", strokeOpacity: 1 }),
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
        stroke: (item: { tone: number }) => TONES[item.tone % TONES.length],
        strokeWidth: 2,
        curve: kind === "roc" ? "linear" : "step-before",
      }),
      plot.tip(
        points,
        plot.pointer({
          x: "x",
          y: "y",
          title: (item) => `${item.label}\n${x} ${percent(item.x)}\n${y} ${percent(item.y)}`,
        }),
      ),
      plot.dot(point ? [point] : [], {
        x: "x",
        y: "y",
        r: 5,
        fill: "var(--mp-selected)",
        stroke: "var(--mp-panel)",
        strokeWidth: 2,
      }),
    ],
  };
}
