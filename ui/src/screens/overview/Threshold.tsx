/** What a threshold on the positive class would cost, live; the choice is recorded with a reason. */
import { Group, NumberInput, Slider, Switch, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useState } from "react";
import { useEvaluation } from "@/api/queries";
import type { ThresholdRow, ThresholdTable } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { RecordThreshold } from "@/screens/overview/RecordThreshold";
import classes from "@/screens/overview/Threshold.module.css";
import { count, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { PlotFigure } from "@/shared/PlotFigure";

export function Threshold() {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const [costs, setCosts] = useState({ cost_fp: 1, cost_fn: 1, cost_review: 0.1 });
  const [band, setBand] = useState<[number, number] | null>(null);
  const params = {
    ...costs,
    where: one(search, "where"),
    review_low: band?.[0],
    review_high: band?.[1],
    cost_review: band ? costs.cost_review : undefined,
  };
  const [asked] = useDebouncedValue(params, 150);
  const table = useEvaluation<ThresholdTable>(place, "thresholds", asked);
  const chosen = Number(one(search, "threshold") ?? "0.5");
  const cost = (key: keyof typeof costs, label: string) => (
    <NumberInput
      label={label}
      size="xs"
      w={130}
      min={0}
      decimalScale={3}
      value={costs[key]}
      onChange={(value) => typeof value === "number" && setCosts({ ...costs, [key]: value })}
    />
  );
  return (
    <Panel
      title="Threshold"
      says={`From which probability of “${facts.task.positive}” on the model should say so.`}
      actions={<RecordThreshold threshold={chosen} />}
    >
      <Group gap="md" align="flex-end" mb="sm">
        {cost("cost_fp", "A false alarm costs")}
        {cost("cost_fn", "A miss costs")}
        <Switch
          label="People review the unsure"
          checked={band !== null}
          onChange={(event) => setBand(event.currentTarget.checked ? [0.4, 0.6] : null)}
        />
        {band && cost("cost_review", "A review costs")}
        {band && <Bound band={band} side={0} set={setBand} />}
        {band && <Bound band={band} side={1} set={setBand} />}
      </Group>
      {table.isError && <Failure error={table.error} />}
      {table.isPending && <Loading label="Computing thresholds" />}
      {table.data && (
        <Live
          table={table.data}
          chosen={chosen}
          choose={(value) => set({ threshold: String(value) }, { replace: true })}
        />
      )}
    </Panel>
  );
}

interface BoundProps {
  band: [number, number];
  side: 0 | 1;
  set: (band: [number, number]) => void;
}

function Bound({ band, side, set }: BoundProps) {
  return (
    <NumberInput
      label={side === 0 ? "Review from" : "to"}
      size="xs"
      w={90}
      min={side === 0 ? 0 : band[0]}
      max={side === 0 ? band[1] : 1}
      step={0.05}
      decimalScale={3}
      value={band[side]}
      onChange={(value) => {
        if (typeof value === "number") set(side === 0 ? [value, band[1]] : [band[0], value]);
      }}
    />
  );
}

interface LiveProps {
  table: ThresholdTable;
  chosen: number;
  choose: (value: number) => void;
}

function Live({ table, chosen, choose }: LiveProps) {
  const row = nearest(table.rows, chosen);
  const draw = useCallback(
    (plot: typeof import("@observablehq/plot")) => ({
      x: { domain: [0, 1], label: "threshold" },
      y: { label: "cost per row", grid: true, zero: true },
      marginLeft: 48,
      marks: [
        plot.line(table.rows, {
          x: "threshold",
          y: "cost",
          stroke: "var(--mp-rows)",
          strokeWidth: 2,
        }),
        plot.ruleX([table.best.threshold], { stroke: "var(--mp-right)", strokeDasharray: "3 3" }),
        plot.dot([table.best], { x: "threshold", y: "cost", fill: "var(--mp-right)", r: 4 }),
        plot.ruleX([row.threshold], { stroke: "var(--mp-selected)", strokeWidth: 2 }),
        plot.dot([row], { x: "threshold", y: "cost", fill: "var(--mp-selected)", r: 5 }),
      ],
    }),
    [table, row],
  );
  return (
    <>
      <PlotFigure
        height={170}
        draw={draw}
        label={`Cost per row by threshold; ${number(row.cost)} at ${number(row.threshold)}, least ${number(table.best.cost)} at ${number(table.best.threshold)}`}
      />
      <Slider
        min={0}
        max={1}
        step={0.005}
        value={chosen}
        onChange={choose}
        label={(value) => value.toFixed(3)}
        thumbLabel="Threshold"
        ml={48}
        mr={20}
        marks={[{ value: table.best.threshold ?? 0.5, label: "cheapest" }]}
        mb="lg"
      />
      <Consequences row={row} />
      <Text size="xs" className="mp-soft" mt="xs">
        Cheapest here: {number(table.best.threshold)}, {number(table.best.cost)} a row instead of{" "}
        {number(table.usual.cost)} at 0.5 (difference {number(table.change.low)} to{" "}
        {number(table.change.high)}). It was chosen on these {count(table.n)} rows: expect{" "}
        {number(table.optimism)} a row more on others.
      </Text>
    </>
  );
}

function Consequences({ row }: { row: ThresholdRow }) {
  const facts: [string, string, string?][] = [
    ["Threshold", number(row.threshold)],
    ["Cost per row", number(row.cost)],
    ["Precision", number(row.precision)],
    ["Recall", number(row.recall)],
    ["Found", count(row.tp)],
    ["Missed", count(row.fn), "mp-wrong"],
    ["False alarms", count(row.fp), "mp-wrong"],
    ["Left alone", count(row.tn)],
  ];
  if (row.reviewed) facts.push(["Reviewed", percent(row.reviewed)]);
  return (
    <dl className={classes.facts} aria-live="polite">
      {facts.map(([name, value, color]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={color}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function nearest(rows: readonly ThresholdRow[], chosen: number): ThresholdRow {
  const away = (row: ThresholdRow) => Math.abs((row.threshold ?? 0) - chosen);
  return rows.reduce((best, row) => (away(row) < away(best) ? row : best));
}
