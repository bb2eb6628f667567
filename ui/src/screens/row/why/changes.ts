/** Changed values in the address: `set=column=value`, the value as JSON. */
import { many, type Search } from "@/app/address";

export type Changes = Readonly<Record<string, unknown>>;

export function changesOf(search: Search): Changes {
  const found: Record<string, unknown> = {};
  for (const text of many(search, "set") ?? []) {
    const at = text.indexOf("=");
    if (at < 1) continue;
    const value = parsed(text.slice(at + 1));
    if (value !== undefined) found[decoded(text.slice(0, at))] = value;
  }
  return found;
}

/** The parameter that says the changes; undefined where there are none. */
export function changesText(changes: Changes): string[] | undefined {
  const texts = Object.entries(changes).map(
    ([column, value]) => `${encoded(column)}=${JSON.stringify(value)}`,
  );
  return texts.length > 0 ? texts : undefined;
}

/** The changes with one more, or without it where the value is as it was. */
export function withChange(
  changes: Changes,
  column: string,
  value: unknown,
  before: unknown,
): Changes {
  const { [column]: _, ...rest } = changes;
  return isSame(value, before) ? rest : { ...rest, [column]: value };
}

export function isSame(value: unknown, other: unknown): boolean {
  return JSON.stringify(value ?? null) === JSON.stringify(other ?? null);
}

/** Changes of an answer, as what-if is told them. */
export function changesFrom(list: readonly { column: string; after: unknown }[]): Changes {
  return Object.fromEntries(list.map(({ column, after }) => [column, after]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // typed by hand
  }
}

function encoded(name: string): string {
  return name.replaceAll("%", "%25").replaceAll("=", "%3D");
}

function decoded(name: string): string {
  return name.replaceAll("%3D", "=").replaceAll("%25", "%");
}
