/** A column's two distributions over each other: shares of the rows of either side. */
import { useCallback } from "react";
import type { Drift, DriftDistribution } from "@/api/types";
import classes from "@/screens/data/drift/Drift.module.css";
import { compact, count, counted, percent } from "@/shared/format";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 230;
const LONGEST = 14;
const LEFT = 44;
const MOST_TICKS = 7;
const TICK_PX = { number: 46, time: 76 }; // of a label and the room beside it

interface OverlaidProps {
  distribution: DriftDistribution;
  found: Drift;
}

export function Overlaid({ distribution, found }: OverlaidProps) {
  const draw = useCallback(
    (plot: Library, width: number) => drawn(plot, distribution, width),
    [distribution],
  );
  const isLying = distribution.kind === "values";
  const height = isLying ? Math.max(120, 40 + 34 * distribution.label.length) : HEIGHT;
  return (
    <>
      <p className={classes.key}>
        <span>
          <i className={classes.swatch} data-side="reference" aria-hidden />{" "}
          {named(found.reference)}
        </span>
        <span>
          <i className={classes.swatch} data-side="current" aria-hidden /> {named(found.source)}
        </span>
      </p>
      <PlotFigure
        label={`Shares of the rows by ${distribution.column}, before and now`}
        height={height}
        draw={draw}
      />
      {distribution.more > 0 && (
        <p className="mp-soft mp-note">{count(distribution.more)} more values have no bar.</p>
      )}
    </>
  );
}

function named({ of, where }: Drift["source"]): string {
  return where ? `${of}, ${where}` : of;
}

interface Bar {
  label: string;
  share: number;
  n: number;
  side: string;
}

function drawn(plot: Library, of: DriftDistribution, width: number) {
  const title = (bar: Bar) =>
    `${bar.label}\n${bar.side}: ${percent(bar.share)}, ${counted(bar.n, "row")}`;
  const bars = (side: string, share: DriftDistribution["current"], n: readonly number[]): Bar[] =>
    of.label.map((label, at) => ({ label, share: share[at] ?? 0, n: n[at] ?? 0, side }));
  const before = bars("before", of.reference, of.reference_n);
  const now = bars("now", of.current, of.current_n);
  const first = { fill: "var(--mp-rows-all)", stroke: "var(--mp-soft)", strokeWidth: 0.75 };
  const second = { fill: "var(--mp-selected)", fillOpacity: 0.75 };
  const share = { label: "share of the rows", tickFormat: "%", ticks: 4, grid: true };
  if (of.kind === "values") {
    return {
      marginLeft: 104,
      marginBottom: 34,
      x: share,
      y: { domain: [...of.label], label: null, tickFormat: cut },
      marks: [
        plot.barX(before, {
          x: "share",
          y: "label",
          ...first,
          insetTop: 3,
          insetBottom: 3,
          title,
          tip: true,
        }),
        plot.barX(now, {
          x: "share",
          y: "label",
          ...second,
          insetTop: 9,
          insetBottom: 9,
          title,
          tip: true,
        }),
        plot.ruleX([0], { stroke: "var(--mp-line)" }),
      ],
    };
  }
  return {
    marginLeft: LEFT,
    marginBottom: 34,
    x: { domain: [...of.label], label: null, axis: null },
    y: share,
    marks: [
      plot.barY(before, { x: "label", y: "share", ...first, inset: 0.5, title, tip: true }),
      plot.barY(now, {
        x: "label",
        y: "share",
        ...second,
        insetLeft: 3,
        insetRight: 3,
        title,
        tip: true,
      }),
      plot.axisX(few(of, width - LEFT), {
        label: null,
        tickFormat: (name: string) => edge(of, name),
        tickSize: 4,
      }),
      plot.ruleY([0], { stroke: "var(--mp-line)" }),
    ],
  };
}

/** Some of the bars, so that what is written below does not overlap. */
function few({ label, type }: DriftDistribution, width: number): string[] {
  const room = Math.floor(width / (type === "datetime" ? TICK_PX.time : TICK_PX.number));
  const step = Math.max(1, Math.ceil(label.length / Math.max(1, Math.min(MOST_TICKS, room))));
  return label.filter((_, at) => at % step === 0);
}

/** Where a bar begins; the name of one without edges, such as missing values. */
function edge({ label, low, type }: DriftDistribution, name: string): string {
  const value = low[label.indexOf(name)];
  if (value === null || value === undefined) return cut(name);
  if (type !== "datetime") return compact(value);
  return new Date(value * 1000).toISOString().slice(0, 10);
}

function cut(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
