/** Tag rows and take that back exactly, as far as the rows that had the tag before are known. */
import { evaluationPath, get, send } from "@/api/client";
import type { Place } from "@/api/queries";
import type { CohortFacts, RowsPage, TagState } from "@/api/types";
import { allOf, hasTag } from "@/shared/cohortText";

/** A cohort by its text, or rows by number. */
export type Scope = { where: string } | { rows: readonly number[] };

const MOST_NAMED = 1_000;

export interface Tagged {
  state: TagState;
  /** Rows that are unlike they were before; undefined where nobody knows. */
  changed: Scope | undefined;
}

export async function tagRows(
  place: Place,
  tag: string,
  scope: Scope,
  isRemoved: boolean,
  isKnown: boolean,
): Promise<Tagged> {
  const changed = await changing(place, tag, scope, isRemoved, isKnown);
  return { state: await change(place, tag, scope, isRemoved), changed };
}

export async function change(place: Place, tag: string, scope: Scope, isRemoved: boolean) {
  const path = evaluationPath(place.model, place.dataset, `tags/${encodeURIComponent(tag)}`);
  const body = { ...scope, remove: isRemoved };
  return (await send<TagState>("POST", path, { body })).value;
}

/** The rows of the scope that the change is a change for. */
async function changing(
  place: Place,
  tag: string,
  scope: Scope,
  isRemoved: boolean,
  isKnown: boolean,
): Promise<Scope | undefined> {
  if (!isKnown) return isRemoved ? undefined : scope;
  if ("where" in scope) {
    const path = evaluationPath(place.model, place.dataset, "cohort");
    const same = allOf(scope.where, isRemoved ? `NOT ${hasTag(tag)}` : hasTag(tag));
    const { n } = await get<CohortFacts>(path, { where: same });
    return n === 0 ? scope : undefined;
  }
  if (scope.rows.length > MOST_NAMED) return undefined;
  const path = evaluationPath(place.model, place.dataset, "rows");
  const where = allOf(`row IN (${scope.rows.join(", ")})`, hasTag(tag));
  const page = await get<RowsPage>(path, { where, columns: ["row"], limit: MOST_NAMED });
  const had = new Set(page.rows.map((row) => Number(row.row)));
  return { rows: scope.rows.filter((row) => had.has(row) === isRemoved) };
}
