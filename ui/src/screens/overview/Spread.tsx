/** How the residual and the loss are spread, the wrong rows' part in orange. */
import { SegmentedControl } from "@mantine/core";
import { useCallback, useState } from "react";
import type { HistogramPart, SpreadPart } from "@/api/types";
import { count, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

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
      <p className="mp-soft mp-note">
        {quantiles
          .map(({ q, value }) => `${percent(q, 0)} of the rows under ${number(value)}`)
          .join(" · ")}
      </p>
    </Panel>
  );
}

function saysOf(kind: string, part: SpreadPart): string {
  if (kind === "residual") return "Label less prediction: right of 0 it said too little.";
  if (part.worst_tenth === null) return "";
  return `The worst tenth of the rows has ${percent(part.worst_tenth, 0)} of all loss.`;
}

function Bars({ histogram }: { histogram: HistogramPart }) {
  const draw = useCallback((plot: Library) => drawn(plot, histogram), [histogram]);
  const { column, n } = histogram;
  return <PlotFigure label={`Histogram of ${column}, ${count(n)} rows`} height={240} draw={draw} />;
}

function drawn(plot: Library, { column, edges, counts, wrong }: HistogramPart) {
  const bars = counts.map((rows, i) => ({
    low: edges[i] ?? null,
    high: edges[i + 1] ?? null,
    rows,
    wrong: wrong[i] ?? 0,
  }));
  const isWrong = wrong.length > 0;
  return {
    x: { label: column, ticks: 5, tickFormat: "~s" },
    y: { label: "rows", ticks: 4, tickFormat: "~s" },
    marginLeft: 44,
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
            `${number(bar.low)} to ${number(bar.high)}\n${count(bar.rows)} rows${isWrong ? `\n${count(bar.wrong)} wrong` : ""}`,
        }),
      ),
      plot.ruleY([0], { stroke: "var(--mp-soft)" }),
    ],
  };
}
