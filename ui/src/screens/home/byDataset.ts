/** Evaluations of the same rows together; datasets and models stay in the order they came in. */
import type { EvaluationEntry } from "@/api/types";

export interface OfDataset {
  dataset: string;
  task: string;
  n: number;
  items: EvaluationEntry[];
}

export function byDataset(evaluations: readonly EvaluationEntry[]): OfDataset[] {
  const groups = new Map<string, OfDataset>();
  for (const item of evaluations) {
    const { dataset, task, n } = item;
    const group = groups.get(dataset) ?? { dataset, task, n, items: [] };
    group.items.push(item);
    groups.set(dataset, group);
  }
  return [...groups.values()];
}
