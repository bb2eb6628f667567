/** Which columns the table has, and how wide they are. */
import type { ColumnFacts, Facts } from "@/api/types";

const OUTCOME = { said: ["label", "prediction"], sure: ["confidence", "loss"] };
const MOST = { text: 2, input: 8, other: 2 };
const WIDTHS: Record<string, number> = {
  numeric: 92,
  boolean: 84,
  datetime: 150,
  categorical: 118,
};
const TEXT = 270;
const NARROWEST = { id: 110, outcome: 104 };

/** The columns of a table that nobody has changed: what it is, what was said, what it was given. */
export function defaultColumns(facts: Facts): string[] {
  const own = facts.columns.filter(({ is_reserved }) => !is_reserved);
  const reserved = new Set(facts.columns.filter((column) => column.is_reserved).map(nameOf));
  const texts = own.filter((column) => isLong(column));
  const inputs = own.filter(({ type, role, view }) => isShown(type, view) && role === "input");
  const others = own.filter(
    ({ type, role, view }) =>
      isShown(type, view) && !["input", "label", "id", "weight"].includes(role),
  );
  return [
    ...OUTCOME.said.filter((name) => reserved.has(name)),
    ...texts.slice(0, MOST.text).map(nameOf),
    ...OUTCOME.sure.filter((name) => reserved.has(name)),
    ...own.filter(({ role }) => role === "id").map(nameOf),
    ...inputs.slice(0, MOST.input).map(nameOf),
    ...others.slice(0, MOST.other).map(nameOf),
  ];
}

/** The columns to ask for: those shown, and those that every row needs. */
export function askedColumns(facts: Facts, shown: readonly ColumnFacts[]): string[] {
  const known = new Set(facts.columns.map(nameOf));
  const needed = ["correct", "label", "prediction"].filter((name) => known.has(name));
  return [...new Set(["row", ...shown.map(nameOf), ...needed])];
}

export function shownColumns(facts: Facts, names: readonly string[] | undefined): ColumnFacts[] {
  const known = new Map(facts.columns.map((column) => [column.name, column]));
  const found = (names ?? defaultColumns(facts)).flatMap((name) => known.get(name) ?? []);
  return found;
}

/** Tracks of the grid: the first is for marks and numbers; texts take what is left. */
export function gridTracks(columns: readonly ColumnFacts[], { n: total, classes }: Facts): string {
  const longest = Math.max(0, ...classes.map((name) => String(name).length));
  const digits = String(Math.max(total, 1)).length;
  const first = `${44 + digits * 8}px`;
  const isFilled = columns.some(isLong);
  const tracks = columns.map((column, place) => {
    if (isLong(column)) return `minmax(${TEXT}px, 1fr)`;
    const width = `${widthOf(column, longest)}px`;
    return !isFilled && place === columns.length - 1 ? `minmax(${width}, 1fr)` : width;
  });
  return [first, ...tracks].join(" ");
}

/** Texts that take several lines; an id takes one. */
export function isLong({ type, role }: ColumnFacts): boolean {
  return type === "text" && role !== "id";
}

function widthOf({ name, type, role, is_reserved }: ColumnFacts, longest: number): number {
  if (["label", "prediction"].includes(name) && type === "categorical") {
    return Math.round(Math.min(230, Math.max(NARROWEST.outcome, 40 + longest * 7.2)));
  }
  const heading = Math.min(200, 34 + name.length * 7.2);
  const least = role === "id" ? NARROWEST.id : is_reserved ? NARROWEST.outcome : 0;
  return Math.round(Math.max(WIDTHS[type] ?? 128, heading, least));
}

export function isNumber({ type }: ColumnFacts): boolean {
  return type === "numeric";
}

function isShown(type: string, view: string): boolean {
  return type !== "text" && view !== "none";
}

function nameOf({ name }: { name: string }): string {
  return name;
}
