/** What is held against what: read from the address, asked as a job. */
import { ApiError } from "@/api/client";
import { useWork, useWorkspace } from "@/api/queries";
import type { Comparison, EvaluationEntry } from "@/api/types";
import { many, one, type Search } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";

/** The evaluations that this one can be held against: of the same rows first, the newest first. */
export interface Rivals {
  same: EvaluationEntry[]; // of the same dataset version
  other: EvaluationEntry[]; // of another version of it
}

export function useRivals(): Rivals | undefined {
  const { facts } = useHere();
  const workspace = useWorkspace();
  if (!workspace.data) return undefined;
  const name = nameOf(facts.dataset);
  const all = workspace.data.evaluations.filter(({ ref }) => ref !== facts.ref);
  return {
    same: all.filter(({ dataset }) => dataset === facts.dataset),
    other: all.filter(({ dataset }) => dataset !== facts.dataset && nameOf(dataset) === name),
  };
}

type Named = Pick<EvaluationEntry, "model" | "dataset" | "ref">;

/** How a rival is named in the address: by its model, where the rows are the same. */
export function namedIn(dataset: string, item: Named): string {
  return item.dataset === dataset ? item.model : item.ref;
}

/** The names in the address; without any the version before of the same model. */
export function useAgainst(): string[] {
  const { facts } = useHere();
  const { search } = useSearch();
  const rivals = useRivals();
  const asked = many(search, "against");
  if (asked) return asked;
  const before = rivals?.same
    .filter(({ model }) => nameOf(model) === nameOf(facts.model))
    .filter(({ model }) => versionOf(model) < versionOf(facts.model))
    .sort((a, b) => versionOf(b.model) - versionOf(a.model));
  return before?.slice(0, 1).map(({ model }) => model) ?? [];
}

export function useComparison(against: readonly string[]) {
  const { place } = useHere();
  const { search } = useSearch();
  const params = paramsOf(search, against, place.dataset);
  return useWork<Comparison>(place, "compare", params, {
    enabled: against.length > 0,
    keepsBefore: true,
  });
}

export function paramsOf(search: Search, against: readonly string[], dataset: string) {
  return {
    against,
    baseline: one(search, "baseline"),
    where: one(search, "where"),
    by: many(search, "by"),
    threshold: one(search, "threshold"),
    common: against.some((name) => isElsewhere(name, dataset)) || undefined,
  };
}

const OF_COHORTS = ["UnknownColumn", "BadPredicate", "UnknownName", "WrongType", "EmptyCohort"];

/** What is wrong with the columns and cohorts of `by`; the cohort of all is checked before. */
export function faultOfBy(error: unknown, by: readonly string[]): string | undefined {
  if (by.length === 0 || !(error instanceof ApiError)) return undefined;
  const { code, message } = error;
  return OF_COHORTS.includes(code) ? message.charAt(0).toUpperCase() + message.slice(1) : undefined;
}

/** Whether the evaluation is of other rows than those of the dataset version. */
export function isElsewhere(name: string, dataset: string): boolean {
  return name.includes("/") && !name.endsWith(`/${dataset}`);
}

export function nameOf(ref: string): string {
  return ref.split("@")[0] ?? ref;
}

function versionOf(ref: string): number {
  return Number(ref.split("@")[1] ?? 0);
}
