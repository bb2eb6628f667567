/** The model's versions on these rows: did it get better, and what is known to be wrong with it? */
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { exported } from "@/api/exported";
import { useWorkspace } from "@/api/queries";
import type { EvaluationEntry } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { STATUSES, useProblems } from "@/screens/problems/problems";
import { StatusWord } from "@/screens/problems/StatusWord";
import { count, metricName, metricShow } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 150;

export function Versions() {
  const { facts } = useHere();
  const workspace = useWorkspace();
  const versions = versionsOf(workspace.data?.evaluations ?? [], facts.model, facts.dataset);
  if (exported()) return null;
  return (
    <Panel
      title="Over its versions"
      says={
        versions.length > 1
          ? `The headline of each version of the model on ${facts.dataset}, with 95 % intervals.`
          : "Evaluate the next version of the model, and this page shows what it changed."
      }
    >
      {versions.length > 1 && <Trend versions={versions} />}
      <Known />
    </Panel>
  );
}

function Trend({ versions }: { versions: EvaluationEntry[] }) {
  const metric = versions[0]?.headline?.metric ?? "";
  const show = metricShow(metric);
  const draw = useCallback(
    (plot: Library) => {
      const known = versions.map(({ model, headline }) => ({ model, ...headline }));
      return {
        marginLeft: 48,
        style: { background: "transparent", color: "var(--mp-text)", fontSize: "11px" },
        x: {
          type: "point" as const,
          domain: known.map(({ model }) => model),
          label: null,
          padding: 0.6,
        },
        y: { label: metricName(metric), grid: true, nice: true, zero: false, ticks: 4 },
        marks: [
          plot.line(known, { x: "model", y: "value", stroke: "var(--mp-soft)" }),
          plot.ruleX(known, { x: "model", y1: "low", y2: "high", stroke: "var(--mp-text)" }),
          plot.dot(known, { x: "model", y: "value", r: 4, fill: "var(--mp-text)" }),
        ],
      };
    },
    [versions, metric],
  );
  const words = versions.map(({ model, headline }) => `${model} ${show(headline?.value)}`);
  return (
    <PlotFigure
      height={HEIGHT}
      label={`${metricName(metric)} by version: ${words.join(", ")}`}
      draw={draw}
    />
  );
}

/** What is known to be wrong, by what is done about it. */
function Known() {
  const { place } = useHere();
  const { data } = useProblems(place);
  if (!data || data.rows.length === 0) return null;
  return (
    <Text size="sm" component="div">
      <Link to="/e/$model/$dataset/problems" params={place}>
        Problems
      </Link>
      {": "}
      {STATUSES.filter((status) => data.counts[status]).map((status, place) => (
        <span key={status}>
          {place > 0 && ", "}
          {count(data.counts[status])} <StatusWord status={status} />
        </span>
      ))}
      {data.proposed > 0 && `; ${count(data.proposed)} to be confirmed as fixed`}
    </Text>
  );
}

/** Evaluations of all versions of the model on the same rows that were measured alike. */
function versionsOf(entries: readonly EvaluationEntry[], model: string, dataset: string) {
  const name = nameOf(model);
  const same = entries.filter(
    (entry) => entry.dataset === dataset && nameOf(entry.model) === name && entry.headline,
  );
  const metric = same.find((entry) => entry.model === model)?.headline?.metric;
  return same
    .filter(({ headline }) => headline?.metric === metric)
    .sort((a, b) => numberOf(a.model) - numberOf(b.model));
}

function nameOf(ref: string): string {
  return ref.slice(0, ref.lastIndexOf("@"));
}

function numberOf(ref: string): number {
  return Number(ref.slice(ref.lastIndexOf("@") + 1));
}
