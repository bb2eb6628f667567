/** Rows by both models' losses: how many are where, and those that became right or wrong. */
import { useCallback } from "react";
import type { LossPoints, ModelPair } from "@/api/types";
import classes from "@/screens/compare/Compare.module.css";
import { counted, number } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 440;
const CORNERS = 4; // all that there are where a loss is 0 or 1

export function Losses({ pair }: { pair: ModelPair }) {
  const { losses } = pair;
  const draw = useCallback(
    (plot: Library) => (losses ? drawn(plot, losses, pair) : {}),
    [losses, pair],
  );
  if (!losses || losses.cells.length <= CORNERS) return null;
  const [good = "", bad = ""] = losses.groups;
  return (
    <Panel
      title={`Rows by both models' ${losses.measure}`}
      says={`Below the line ${pair.model} is nearer to the truth, above it ${pair.against}. The blue field counts all ${counted(losses.total, "row")} whose ${losses.measure} is known of both; dots are rows that became ${good} or ${bad}, those that differ most.`}
    >
      <p className={classes.key}>
        <span>
          <i data-group="fixed" aria-hidden /> {good}
        </span>
        <span>
          <i data-group="broken" aria-hidden /> {bad}
        </span>
        <span>
          <i data-group="field" aria-hidden /> rows, the darker the more
        </span>
      </p>
      <PlotFigure
        height={HEIGHT}
        draw={draw}
        label={`${losses.measure} of ${counted(losses.total, "row")}: ${pair.against} across, ${pair.model} upwards`}
      />
    </Panel>
  );
}

interface Dot {
  row: number;
  before: number | null;
  after: number | null;
  group: string;
}

function drawn(plot: Library, of: LossPoints, pair: ModelPair) {
  const { edges, cells } = of;
  const edge = (at: number) => edges[at] ?? 0;
  const dots: Dot[] = of.row.flatMap((row, i) => {
    const group = of.group[i] ?? 2;
    return group > 1
      ? []
      : [
          {
            row,
            before: of.before[i] ?? null,
            after: of.after[i] ?? null,
            group: of.groups[group] ?? "",
          },
        ];
  });
  const axis = {
    domain: [edge(0), edge(edges.length - 1)],
    ...(edge(0) >= 0 ? { type: "pow" as const, exponent: 0.5 } : {}),
    ticks: 6,
    grid: true,
  };
  return {
    marginLeft: 52,
    marginBottom: 40,
    marginTop: 24,
    x: { ...axis, label: `${of.measure} of ${pair.against}` },
    y: { ...axis, label: `${of.measure} of ${pair.model}` },
    opacity: { type: "sqrt" as const, range: [0.08, 0.85] },
    marks: [
      plot.rect(cells, {
        x1: (c) => edge(c.before),
        x2: (c) => edge(c.before + 1),
        y1: (c) => edge(c.after),
        y2: (c) => edge(c.after + 1),
        fill: "var(--mp-rows)",
        fillOpacity: "n",
        title: (c) => `${counted(c.n, "row")}`,
        tip: true,
      }),
      plot.line([edge(0), edge(edges.length - 1)], {
        x: (v: number) => v,
        y: (v: number) => v,
        stroke: "var(--mp-text)",
        strokeDasharray: "4 3",
      }),
      plot.dot(dots, {
        x: "before",
        y: "after",
        r: 2.2,
        fill: (d: Dot) => (d.group === of.groups[0] ? "var(--mp-right)" : "var(--mp-wrong)"),
        fillOpacity: 0.7,
        title: (d: Dot) =>
          `row ${d.row}: ${d.group}\n${pair.against} ${number(d.before)}\n${pair.model} ${number(d.after)}`,
        tip: true,
      }),
    ],
  };
}
