/** What a slice search can be told, and what it does when it is told nothing. */
import type { Facts } from "@/api/types";
import { many, one, type Search } from "@/app/address";

export const USUAL = { conditions: 3, min_share: 0.01, budget_s: 60, scoring: "significance" };
const MOST = 15;

export function slicesParams(search: Search) {
  return {
    where: one(search, "where"),
    objective: one(search, "objective"),
    conditions: one(search, "conditions"),
    min_share: one(search, "min_share"),
    skip: many(search, "skip"),
    columns: many(search, "columns"),
    scoring: one(search, "scoring"),
    budget_s: one(search, "budget_s"),
    top: MOST,
  };
}

export interface Choice {
  value: string;
  label: string;
}

/** By what a group can be worse, the usual first. */
export function objectivesOf({ is_loss, task, columns }: Facts): Choice[] {
  const has = (name: string) => columns.some((item) => item.is_reserved && item.name === name);
  const loss = { value: "loss", label: "mean loss" };
  if (is_loss) {
    const ways = [
      { value: "overprediction", label: "saying too much" },
      { value: "underprediction", label: "saying too little" },
    ];
    return task.kind === "regression" ? [loss, ...ways] : [loss];
  }
  const found = [{ value: "error", label: "error rate" }];
  if (task.kind === "binary" && task.positive !== null) {
    found.push({ value: `false_negative[${task.positive}]`, label: `missing “${task.positive}”` });
    found.push({ value: `false_positive[${task.positive}]`, label: "false alarms" });
  }
  if (has("loss")) found.push(loss);
  if (has("confidence")) found.push({ value: "overconfidence", label: "being over-confident" });
  return found;
}

/** Whether an objective's mean is a share of rows. */
export function isRate(objective: string): boolean {
  return objective === "error" || objective.startsWith("false_");
}
