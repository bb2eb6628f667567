/** Of each perturbation over its strengths: realism, clarity, and what the model gets wrong. */
import { useCallback, useState } from "react";
import type { AdvisedChange } from "@/api/types";
import classes from "@/screens/generate/Generate.module.css";
import { percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

interface AdviceChartsProps {
  rows: readonly AdvisedChange[];
  hasCeiling: boolean;
}

const HEIGHT = 150;
const SHOWN = 8;

export function AdviceCharts({ rows, hasCeiling }: AdviceChartsProps) {
  const [isWhole, setWhole] = useState(false);
  const names = [...new Set(rows.map(({ perturbation }) => perturbation))];
  const shown = isWhole ? names : names.slice(0, SHOWN);
  return (
    <section aria-label="The three measures over strengths">
      <p className={classes.legend}>
        <span>
          <i data-measure="realism" aria-hidden /> realism: 100 % cannot be told from real rows
        </span>
        <span>
          <i data-measure="error" aria-hidden /> the model is wrong
        </span>
        {hasCeiling && (
          <span>
            <i data-measure="clear" aria-hidden /> clear to who knows better
          </span>
        )}
      </p>
      <div className={classes.charts}>
        {shown.map((name) => (
          <Chart key={name} name={name} rows={rows.filter((row) => row.perturbation === name)} />
        ))}
      </div>
      <MoreButton
        n={names.length}
        shown={SHOWN}
        things="perturbations"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </section>
  );
}

function Chart({ name, rows }: { name: string; rows: readonly AdvisedChange[] }) {
  const draw = useCallback((plot: Library) => drawn(plot, rows), [rows]);
  const says = rows
    .toSorted(byStrength)
    .map(
      (row) =>
        `at ${row.strength} realism ${percent(row.realism, 0)}, wrong ${percent(row.error, 0)}`,
    )
    .join("; ");
  return (
    <div>
      <h3 className={classes.chartTitle}>{name}</h3>
      <PlotFigure label={`${name}: ${says}`} height={HEIGHT} draw={draw} />
    </div>
  );
}

function byStrength(a: AdvisedChange, b: AdvisedChange): number {
  return (a.strength ?? 0) - (b.strength ?? 0);
}

function drawn(plot: Library, given: readonly AdvisedChange[]) {
  const rows = given.toSorted(byStrength);
  const clear = rows.filter((row) => row.clear !== null);
  const x = "strength";
  const measures = [
    { rows, y: "realism", y1: "realism_low", y2: "realism_high", stroke: "var(--mp-selected)" },
    { rows, y: "error", y1: "error_low", y2: "error_high", stroke: "var(--mp-wrong)", dash: "5 3" },
    {
      rows: clear,
      y: "clear",
      y1: "clear_low",
      y2: "clear_high",
      stroke: "var(--mp-right)",
      dash: "1 3",
    },
  ];
  return {
    x: {
      label: "strength",
      ticks: rows.map(({ strength }) => strength),
      tickFormat: "~g",
      domain: [0, Math.max(0.5, ...rows.map((row) => row.strength ?? 0))] as [number, number],
    },
    y: { label: null, domain: [0, 1] as [number, number], ticks: 3, tickFormat: "%" },
    marginLeft: 40,
    marginRight: 10,
    marginBottom: 34,
    marginTop: 8,
    marks: [
      plot.gridY({ stroke: "var(--mp-line)", strokeOpacity: 1, ticks: 3 }),
      ...measures.flatMap(({ rows: of, y, y1, y2, stroke, dash }) => [
        plot.ruleX(of, { x, y1, y2, stroke, strokeWidth: 1 }),
        plot.line(of, { x, y, stroke, strokeWidth: 2, ...(dash ? { strokeDasharray: dash } : {}) }),
        plot.dot(of, { x, y, fill: stroke, r: 3 }),
      ]),
    ],
  };
}
