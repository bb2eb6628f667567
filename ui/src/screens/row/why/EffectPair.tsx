/** What two inputs do at once: the darker, the more; pale where there is hardly any data. */
import { useCallback } from "react";
import type { Effects } from "@/api/types";
import classes from "@/screens/row/why/EffectPair.module.css";
import { cell, counted, number, percent } from "@/shared/format";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 320;
const MOST_TICKS = 7;

export function EffectPair({ found }: { found: Effects }) {
  const draw = useCallback((plot: Library) => drawn(plot, found), [found]);
  const { feature, other, measure, kind } = found;
  const [least, most] = endsOf(found);
  const show = showOf(found);
  return (
    <>
      <p className={classes.legend}>
        <span className="mp-soft">{kind === "ale" ? `${measure}, together` : measure}</span>
        {show(least)} <i className={classes.scale} aria-hidden /> {show(most)}
        <span className="mp-soft">
          <i className={classes.hollow} aria-hidden /> hardly any data
        </span>
      </p>
      <PlotFigure
        label={`${measure} over ${feature} and ${other}, from ${show(least)} to ${show(most)}`}
        height={HEIGHT}
        draw={draw}
      />
    </>
  );
}

function showOf({ measure }: Effects) {
  return measure.startsWith("probability") ? percent : number;
}

function endsOf({ rows }: Effects): [number, number] {
  const effects = rows.flatMap(({ effect }) => (effect === null ? [] : [effect]));
  return [Math.min(...effects), Math.max(...effects)];
}

function drawn(plot: Library, found: Effects) {
  const { rows, feature, other } = found;
  const [least, most] = endsOf(found);
  const show = showOf(found);
  const shade = (effect: number | null) =>
    effect === null ? 0 : 0.04 + (0.96 * (effect - least)) / (most - least || 1);
  const [xs, ys] = [unique(rows.map((row) => row.value)), unique(rows.map((row) => row.other))];
  const cells = { x: (row: Row) => text(row.value), y: (row: Row) => text(row.other) };
  return {
    x: { label: feature, domain: xs, ticks: few(xs), tickRotate: isLong(xs) ? -25 : 0 },
    y: { label: other, domain: [...ys].reverse(), ticks: few(ys) },
    marginLeft: isLong(ys) ? 116 : 56,
    marginBottom: isLong(xs) ? 64 : 40,
    marks: [
      plot.cell(rows, {
        ...cells,
        fill: "var(--mp-selected)",
        fillOpacity: (row: Row) => shade(row.effect),
        inset: 0.5,
      }),
      plot.dot(
        rows.filter(({ has_data }) => !has_data),
        { ...cells, r: 1.5, fill: "var(--mp-soft)" },
      ),
      plot.tip(
        rows,
        plot.pointer({
          ...cells,
          title: (row: Row) =>
            `${feature} ${text(row.value)}\n${other} ${text(row.other)}\n${show(row.effect)}\n${counted(row.rows, "row has", "rows have")} about that`,
        }),
      ),
    ],
    opacity: { type: "identity" as const },
  };
}

type Row = Effects["rows"][number];

function text(value: unknown): string {
  return typeof value === "number" ? number(value) : cell(value);
}

function unique(values: readonly unknown[]): string[] {
  return [...new Set(values.map(text))];
}

function few(names: readonly string[]): string[] {
  const step = Math.ceil(names.length / MOST_TICKS);
  return names.filter((_, at) => at % step === 0);
}

function isLong(names: readonly string[]): boolean {
  return names.some((name) => name.length > 8);
}
