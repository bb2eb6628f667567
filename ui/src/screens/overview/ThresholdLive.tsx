/** The cost of all thresholds, a slider over it, and what the chosen one would do. */
import { Slider, Text } from "@mantine/core";
import { useCallback } from "react";
import type { ThresholdRow, ThresholdTable } from "@/api/types";
import classes from "@/screens/overview/Threshold.module.css";
import { nearestRow } from "@/screens/overview/threshold";
import { count, counted, number, percent, short } from "@/shared/format";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

interface ThresholdLiveProps {
  table: ThresholdTable;
  chosen: number;
  choose: (value: number) => void;
}

export function ThresholdLive({ table, chosen, choose }: ThresholdLiveProps) {
  const row = nearestRow(table.rows, chosen);
  const { best } = table;
  const draw = useCallback((plot: Library) => drawn(plot, table, row), [table, row]);
  return (
    <>
      <PlotFigure
        height={170}
        draw={draw}
        label={`Cost per row by threshold: ${number(row.cost)} at ${short(row.threshold)}; least, ${number(best.cost)}, at ${short(best.threshold)}`}
      />
      <Slider
        className={classes.slider}
        min={0}
        max={1}
        step={0.005}
        value={chosen}
        onChange={choose}
        label={(value) => value.toFixed(3)}
        thumbLabel="Threshold"
        marks={[{ value: best.threshold ?? 0.5, label: "cheapest" }]}
      />
      <Consequences row={row} />
      <Text size="sm" className="mp-soft" mt="sm">
        Cheapest here: {number(best.threshold)}, {number(best.cost)} a row; 0.5 costs{" "}
        {number(table.usual.cost)} (difference {number(table.change.low)} to{" "}
        {number(table.change.high)}). It was chosen on these {counted(table.n, "row")}: on others
        expect it to cost {number(table.optimism)} a row more.
      </Text>
    </>
  );
}

function drawn(plot: Library, table: ThresholdTable, row: ThresholdRow) {
  const { best } = table;
  return {
    x: { domain: [0, 1], label: null },
    y: { label: "cost per row", zero: true, ticks: 4 },
    marginLeft: 44,
    marks: [
      plot.gridY({ stroke: "var(--mp-line)", strokeOpacity: 1, ticks: 4 }),
      plot.line(table.rows, {
        x: "threshold",
        y: "cost",
        stroke: "var(--mp-rows)",
        strokeWidth: 2,
      }),
      plot.ruleX([best.threshold], { stroke: "var(--mp-right)", strokeDasharray: "3 3" }),
      plot.dot([best], { x: "threshold", y: "cost", fill: "var(--mp-right)", r: 4 }),
      plot.ruleX([row.threshold], { stroke: "var(--mp-selected)", strokeWidth: 2 }),
      plot.dot([row], { x: "threshold", y: "cost", fill: "var(--mp-selected)", r: 5 }),
    ],
  };
}

function Consequences({ row }: { row: ThresholdRow }) {
  const facts: [string, string, string?][] = [
    ["Threshold", short(row.threshold)],
    ["Cost per row", number(row.cost)],
    ["Precision", short(row.precision)],
    ["Recall", short(row.recall)],
    ["Found", count(row.tp)],
    ["Missed", count(row.fn), "mp-wrong"],
    ["False alarms", count(row.fp), "mp-wrong"],
    ["Rightly left", count(row.tn)],
  ];
  if (row.reviewed) facts.push(["Decided by people", percent(row.reviewed)]);
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value, color]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={color}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
