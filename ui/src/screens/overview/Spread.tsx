/** How the residual and the loss are spread, the wrong rows' part in orange. */
import { SegmentedControl } from "@mantine/core";
import { useCallback, useState } from "react";
import type { HistogramPart, SpreadPart } from "@/api/types";
import classes from "@/screens/overview/Spread.module.css";
import { compact, count, counted, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const TAIL = 0.05; // beyond are too few rows to say
const TICK_PX = 80; // of a label and the room beside it, as there may be twice as many

export function Spread({ part }: { part: SpreadPart }) {
  const kinds = [
    { value: "residual", label: "Residual", histogram: part.residual },
    { value: "loss", label: "Loss", histogram: part.loss },
  ].filter(({ histogram }) => histogram !== null);
  const [chosen, setChosen] = useState("residual");
  const shown = kinds.find(({ value }) => value === chosen) ?? kinds[0];
  if (!shown?.histogram) return null;
  const quantiles = shown.value === "loss" ? part.loss_quantiles : part.residual_quantiles;
  return (
    <Panel
      name="spread"
      title={shown.label}
      says={saysOf(shown.value, part)}
      actions={
        kinds.length > 1 && (
          <SegmentedControl
            size="xs"
            value={shown.value}
            onChange={setChosen}
            data={kinds.map(({ value, label }) => ({ value, label }))}
            aria-label="Histogram of"
          />
        )
      }
    >
      <Bars histogram={shown.histogram} />
      <Quantiles quantiles={quantiles} />
    </Panel>
  );
}

/** Under which values the usual shares of the rows lie. */
function Quantiles({ quantiles }: { quantiles: SpreadPart["loss_quantiles"] }) {
  return (
    <dl className={classes.quantiles}>
      <div>
        <dt>Share of rows</dt>
        <dd>under</dd>
      </div>
      {quantiles
        .filter(({ q }) => q !== null && q >= TAIL && q <= 1 - TAIL)
        .map(({ q, value }) => (
          <div key={q}>
            <dt>{percent(q, 0)}</dt>
            <dd>{compact(value)}</dd>
          </div>
        ))}
    </dl>
  );
}

function saysOf(kind: string, part: SpreadPart): string {
  if (kind === "residual") return "Label less prediction: right of 0 it said too little.";
  if (part.worst_tenth === null) return "";
  return `The worst tenth of the rows has ${percent(part.worst_tenth, 0)} of all loss.`;
}

function Bars({ histogram }: { histogram: HistogramPart }) {
  const draw = useCallback(
    (plot: Library, width: number) => drawn(plot, histogram, width),
    [histogram],
  );
  const { column, n } = histogram;
  return (
    <PlotFigure label={`Histogram of ${column}, ${counted(n, "row")}`} height={240} draw={draw} />
  );
}

function drawn(plot: Library, { column, edges, counts, wrong }: HistogramPart, width: number) {
  const bars = counts.map((rows, i) => ({
    low: edges[i] ?? null,
    high: edges[i + 1] ?? null,
    rows,
    wrong: wrong[i] ?? 0,
  }));
  const isWrong = wrong.length > 0;
  return {
    x: { label: column, ticks: Math.min(5, Math.floor(width / TICK_PX)), tickFormat: "~s" },
    y: { label: "rows", ticks: 4, tickFormat: "~s" },
    marginLeft: 44,
    marginBottom: 42,
    marks: [
      plot.gridY({ stroke: "var(--mp-line)", strokeOpacity: 1, ticks: 4 }),
      plot.rectY(bars, {
        x1: "low",
        x2: "high",
        y: "rows",
        fill: "var(--mp-rows)",
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      plot.rectY(bars, {
        x1: "low",
        x2: "high",
        y: "wrong",
        fill: "var(--mp-wrong)",
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      plot.tip(
        bars,
        plot.pointerX({
          x: (bar) => ((bar.low ?? 0) + (bar.high ?? 0)) / 2,
          y: "rows",
          title: (bar) =>
            `${number(bar.low)} to ${number(bar.high)}\n${counted(bar.rows, "row")}${isWrong ? `\n${count(bar.wrong)} wrong` : ""}`,
        }),
      ),
      plot.ruleY([0], { stroke: "var(--mp-soft)" }),
    ],
  };
}
