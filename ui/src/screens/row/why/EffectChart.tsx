/** The effect of a number: the mean with its interval, this row, and where there is data. */
import { useCallback } from "react";
import type { EffectPoint, Effects } from "@/api/types";
import classes from "@/screens/row/why/EffectChart.module.css";
import { count, counted, number, percent } from "@/shared/format";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

interface EffectChartProps {
  found: Effects;
  own: Effects | undefined;
  value: unknown;
}

interface Point {
  value: number;
  effect: number;
  low: number;
  high: number;
  rows: number;
  share: number;
  has_data: boolean;
}

const HEIGHT = 280;
const FLOOR = 0.16; // of the height, for the rows
const MOST_CURVES = 150;

export function EffectChart({ found, own, value }: EffectChartProps) {
  const draw = useCallback(
    (plot: Library) => drawn(plot, found, own, typeof value === "number" ? value : null),
    [found, own, value],
  );
  const { feature, measure, kind, rows } = found;
  const points = pointsOf(rows);
  const unseen = points.some(({ has_data }) => !has_data);
  const curves = found.curves.length;
  return (
    <figure className={classes.figure}>
      <ul className={classes.legend}>
        <li>
          <i data-mark="mean" aria-hidden />
          {kind === "ale" ? "local effect, with interval" : "mean of all, with interval"}
        </li>
        {curves > 0 && (
          <li>
            <i data-mark="curve" aria-hidden />
            {curves > MOST_CURVES
              ? `${count(MOST_CURVES)} of ${counted(curves, "row")}`
              : "each row"}
          </li>
        )}
        {own && (
          <li>
            <i data-mark="own" aria-hidden />
            this row
          </li>
        )}
        <li>
          <i data-mark="rows" aria-hidden />
          how many rows have it
        </li>
        {unseen && (
          <li>
            <i data-mark="unseen" aria-hidden />
            hardly any data
          </li>
        )}
      </ul>
      <PlotFigure
        label={`${measure} over ${feature}: ${points.map((p) => `${number(p.value)}: ${show(p.effect, measure)}`).join("; ")}`}
        height={HEIGHT}
        draw={draw}
      />
    </figure>
  );
}

function isShare(measure: string): boolean {
  return measure.startsWith("probability");
}

function show(effect: number, measure: string): string {
  return isShare(measure) ? percent(effect) : number(effect);
}

function pointsOf(rows: readonly EffectPoint[]): Point[] {
  return rows.map((row) => ({
    value: row.value as number,
    effect: row.effect ?? Number.NaN,
    low: row.low ?? row.effect ?? Number.NaN,
    high: row.high ?? row.effect ?? Number.NaN,
    rows: row.rows,
    share: row.share ?? 0,
    has_data: row.has_data,
  }));
}

function curvesOf(found: Effects | undefined): { row: number; value: number; effect: number }[] {
  if (!found) return [];
  const values = found.rows.map((row) => row.value as number);
  return found.curves
    .slice(0, MOST_CURVES)
    .flatMap(({ row, effects }) =>
      values.map((value, at) => ({ row, value, effect: effects[at] ?? Number.NaN })),
    );
}

function drawn(plot: Library, found: Effects, own: Effects | undefined, at: number | null) {
  const { feature, measure, baseline, kind } = found;
  const points = pointsOf(found.rows);
  const each = curvesOf(found);
  const row = curvesOf(own);
  const seen = [...points.flatMap(({ low, high }) => [low, high]), ...each.map((p) => p.effect)];
  const all = [...seen, ...row.map((p) => p.effect), ...(kind === "ale" ? [0] : [])];
  const ends = all.filter(Number.isFinite);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const span = most - least || 1;
  const floor = least - (FLOOR + 0.04) * span;
  const densest = Math.max(...points.map(({ share }) => share)) || 1;
  const bars = bands(points).map((bar) => ({
    ...bar,
    top: floor + (FLOOR * span * bar.share) / densest,
  }));
  const here = at === null ? [] : [{ value: at, effect: valueAt(row, at) }];
  const line = { x: "value", y: "effect" } as const;
  return {
    x: { label: feature, ticks: 6, tickFormat: "~s" },
    y: {
      label: measure,
      domain: [floor, most + 0.05 * span],
      ticks: 5,
      ...(isShare(measure) ? { tickFormat: "%" } : { tickFormat: "~s" }),
    },
    marginLeft: 48,
    marginBottom: 40,
    marginTop: 26,
    marks: [
      plot.gridY({ stroke: "var(--mp-line)", strokeOpacity: 1, ticks: 5 }),
      plot.rect(bars, {
        x1: "low",
        x2: "high",
        y1: floor,
        y2: "top",
        fill: "var(--mp-rows-all)",
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      plot.line(each, {
        ...line,
        z: "row",
        stroke: "var(--mp-rows)",
        strokeOpacity: 0.16,
        strokeWidth: 1,
      }),
      plot.areaY(points, {
        x: "value",
        y1: "low",
        y2: "high",
        fill: "var(--mp-rows)",
        fillOpacity: 0.25,
      }),
      plot.line(points, {
        ...line,
        stroke: "var(--mp-rows)",
        strokeDasharray: "2 4",
        strokeWidth: 1.5,
      }),
      plot.line(
        points.map((p) => (p.has_data ? p : { ...p, effect: Number.NaN })),
        { ...line, stroke: "var(--mp-rows)", strokeWidth: 2.5 },
      ),
      plot.ruleY(baseline === null ? [] : [kind === "ale" ? 0 : baseline], {
        stroke: "var(--mp-soft)",
        strokeDasharray: "3 4",
      }),
      plot.line(row, { ...line, stroke: "var(--mp-selected)", strokeWidth: 2 }),
      plot.ruleX(here, { x: "value", stroke: "var(--mp-selected)", strokeOpacity: 0.35 }),
      plot.dot(
        here.filter(({ effect }) => Number.isFinite(effect)),
        { ...line, r: 5, fill: "var(--mp-selected)", stroke: "var(--mp-panel)", strokeWidth: 2 },
      ),
      plot.tip(
        points,
        plot.pointerX({
          ...line,
          title: (p: Point) =>
            `${feature} ${number(p.value)}\n${show(p.effect, measure)} (${show(p.low, measure)} to ${show(p.high, measure)})\n${counted(p.rows, "row has", "rows have")} about that`,
        }),
      ),
    ],
  };
}

/** Bars from halfway to halfway between the values. */
function bands(points: readonly Point[]) {
  return points.map((point, i) => {
    const before = points[i - 1]?.value ?? point.value;
    const after = points[i + 1]?.value ?? point.value;
    return { low: (before + point.value) / 2, high: (point.value + after) / 2, share: point.share };
  });
}

/** The curve at a value between two of the grid. */
function valueAt(curve: readonly { value: number; effect: number }[], at: number): number {
  const after = curve.findIndex(({ value }) => value >= at);
  const right = curve[after];
  const left = curve[after - 1] ?? right;
  if (!left || !right) return Number.NaN;
  const part = right.value === left.value ? 0 : (at - left.value) / (right.value - left.value);
  return left.effect + part * (right.effect - left.effect);
}
