/** Which distributions are shown, in which order and under which heading. */
import type { ColumnFacts, Distribution } from "@/api/types";

/** `spread`: columns whose bars differ most in how often they are wrong come first. */
export type Sorting = "given" | "name" | "spread";

export interface Group {
  title: string;
  distributions: readonly Distribution[];
}

/** Most columns that are asked for at once. */
export const MOST = 48;

const TITLES = [
  ["What the model did", (of: Distribution) => of.is_reserved],
  ["What it is given", (of: Distribution) => of.role === "input"],
  ["What is also known", () => true],
] as const;

/** What the model did always differs most, so it comes last. */
const BY_SPREAD = [
  ["Where errors differ most", (of: Distribution) => !of.is_reserved],
  TITLES[0],
] as const;

export function grouped(all: readonly Distribution[], sorting: Sorting, search: string): Group[] {
  const found = all.filter(({ column }) => matches(column, search));
  if (sorting === "name") {
    const sorted = found.toSorted((a, b) => a.column.localeCompare(b.column));
    return sorted.length > 0 ? [{ title: "", distributions: sorted }] : [];
  }
  const titles = sorting === "spread" ? BY_SPREAD : TITLES;
  const left = new Set(found);
  return titles
    .map(([title, isPart]) => {
      const part = found.filter((of) => left.has(of) && isPart(of));
      for (const of of part) left.delete(of);
      const isSpread = sorting === "spread" && title !== TITLES[0][0];
      const distributions = part.toSorted(isSpread ? bySpread : byRank);
      return { title, distributions };
    })
    .filter(({ distributions }) => distributions.length > 0);
}

const FIRST = ["label", "prediction", "correct", "error_class", "confidence", "loss"];

/** Of what the model did, the telling columns come first. */
function byRank(a: Distribution, b: Distribution): number {
  return rank(a) - rank(b);
}

function bySpread(a: Distribution, b: Distribution): number {
  return (b.spread ?? 0) - (a.spread ?? 0);
}

function rank({ column, is_reserved }: Distribution): number {
  const place = is_reserved ? FIRST.indexOf(column) : 0;
  return place < 0 ? FIRST.length : place;
}

/** Reserved columns that are no view, or other names of columns of the data. */
const HIDDEN = /^(p_.*|map_[xy]|row|split|time|weight)$/;

/** Columns that can have a distribution and are worth one; what the model did comes first. */
export function candidates(columns: readonly ColumnFacts[]): string[] {
  const found = columns
    .filter(({ view }) => view === "values" || view === "bins")
    .filter(({ role }) => role !== "id" && role !== "weight")
    .filter(({ name, is_reserved }) => !(is_reserved && HIDDEN.test(name)));
  const reserved = found.filter(({ is_reserved }) => is_reserved);
  return [...reserved, ...found.filter((column) => !reserved.includes(column))].map(
    ({ name }) => name,
  );
}

/**
 * The columns to ask for where there are too many to show all: those found, as many as are
 * shown so far, and those that are filtered. Undefined where all are shown.
 */
export function asked(
  all: readonly string[],
  search: string,
  shown: number,
  filtered: readonly string[],
): string[] | undefined {
  if (all.length <= MOST) return undefined;
  const found = all.filter((name) => matches(name, search)).slice(0, shown);
  return [...new Set([...found, ...filtered])];
}

function matches(name: string, search: string): boolean {
  return name.toLowerCase().includes(search.trim().toLowerCase());
}
