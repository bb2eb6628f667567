/** The model's figures and those of what is simpler, in one table: what it is compared with. */
import type { Average, Baseline, Figure, OverviewData } from "@/api/types";

export interface Value {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

export interface Rival {
  name: string;
  says: string; // of a model before: how many rows changed
  isOurs: boolean;
  values: (Value | undefined)[]; // in the order of the metrics
}

export interface Compared {
  metrics: string[];
  rivals: Rival[];
}

const AVERAGED = ["precision", "recall", "f1"] as const;

export function compared(overview: OverviewData, model: string): Compared {
  const { baselines, figures, averages } = overview;
  const ours = new Map<string, Value>([...averages.flatMap(averaged), ...byMetric(figures)]);
  const known = baselines.map((baseline) => ({ baseline, values: byMetric(baseline.figures) }));
  const metrics = [...new Set(known.flatMap(({ values }) => [...values.keys()]))].filter((metric) =>
    ours.has(metric),
  );
  const { where, n } = overview.source;
  const says = where ? `these ${n.toLocaleString("en")} rows` : "";
  const own = { name: model, says, isOurs: true, values: metrics.map((m) => ours.get(m)) };
  const others = known.map(({ baseline, values }) => ({
    name: baseline.name,
    says: changed(baseline),
    isOurs: false,
    values: metrics.map((metric) => values.get(metric)),
  }));
  return { metrics, rivals: others.length > 0 ? [own, ...others] : [] };
}

function changed({ fixed, broken }: Baseline): string {
  if (fixed === null || broken === null) return "";
  return `${fixed.toLocaleString("en")} of its mistakes mended, ${broken.toLocaleString("en")} new`;
}

function byMetric(figures: readonly Figure[]): Map<string, Value> {
  return new Map(figures.map((figure) => [figure.metric, figure]));
}

function averaged(row: Average): [string, Value][] {
  return AVERAGED.map((name) => [
    `${name}_${row.average}`,
    { value: row[name], low: row[`${name}_low`], high: row[`${name}_high`], n: row.n },
  ]);
}
