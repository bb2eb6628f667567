/** A column's two distributions over each other: shares of the rows of either side. */
import { useCallback } from "react";
import type { Drift, DriftDistribution } from "@/api/types";
import classes from "@/screens/data/drift/Drift.module.css";
import { count, percent } from "@/shared/format";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 230;
const LONGEST = 14;

interface OverlaidProps {
  distribution: DriftDistribution;
  found: Drift;
}

export function Overlaid({ distribution, found }: OverlaidProps) {
  const draw = useCallback((plot: Library) => drawn(plot, distribution), [distribution]);
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

function drawn(
  plot: Library,
  { label, reference, current, reference_n, current_n, kind }: DriftDistribution,
) {
  const bars: Bar[] = label.flatMap((name, at) => [
    { label: name, share: reference[at] ?? 0, n: reference_n[at] ?? 0, side: "before" },
    { label: name, share: current[at] ?? 0, n: current_n[at] ?? 0, side: "now" },
  ]);
  const title = (bar: Bar) =>
    `${bar.label}\n${bar.side}: ${percent(bar.share)}, ${count(bar.n)} rows`;
  const fill = (bar: Bar) => (bar.side === "before" ? "var(--mp-rows-all)" : "var(--mp-selected)");
  const before = bars.filter(({ side }) => side === "before");
  const now = bars.filter(({ side }) => side === "now");
  if (kind === "values") {
    return {
      marginLeft: 104,
      marginBottom: 34,
      x: { label: "share of the rows", tickFormat: "%", ticks: 4, grid: true },
      y: { domain: [...label], label: null, tickFormat: (name: string) => cut(name) },
      marks: [
        plot.barX(before, {
          x: "share",
          y: "label",
          fill,
          insetTop: 3,
          insetBottom: 3,
          title,
          tip: true,
          stroke: "var(--mp-soft)",
          strokeWidth: 0.75,
        }),
        plot.barX(now, {
          x: "share",
          y: "label",
          fill,
          fillOpacity: 0.75,
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
    marginLeft: 44,
    marginBottom: 46,
    x: { domain: [...label], label: null, ticks: [], axis: null },
    y: { label: "share of the rows", tickFormat: "%", ticks: 4, grid: true },
    marks: [
      plot.barY(before, {
        x: "label",
        y: "share",
        fill,
        stroke: "var(--mp-soft)",
        strokeWidth: 0.75,
        insetLeft: 0.5,
        insetRight: 0.5,
        title,
        tip: true,
      }),
      plot.barY(now, {
        x: "label",
        y: "share",
        fill,
        fillOpacity: 0.75,
        insetLeft: 3,
        insetRight: 3,
        title,
        tip: true,
      }),
      plot.axisX({
        label: null,
        tickFormat: (name: string) => cut(name),
        ticks: few(label),
        textAnchor: "middle",
      }),
      plot.ruleY([0], { stroke: "var(--mp-line)" }),
    ],
  };
}

/** Some of the labels, so that they do not overlap. */
function few(labels: readonly string[]): string[] {
  const step = Math.max(1, Math.ceil(labels.length / 5));
  return labels.filter((_, at) => at % step === 0);
}

function cut(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
