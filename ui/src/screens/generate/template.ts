/** A template and what is expected of its rows: the address says it. */
import { useMemo } from "react";
import { many, one, type Search } from "@/app/address";
import { useSearch } from "@/app/useSearch";

export interface TemplateDraft {
  template: string[] | Record<string, string>;
  column: string | null;
  lexicons: Record<string, string[]>;
  label: string | null;
  labels: Record<string, string> | null;
  by: string | null;
  vary: string | null;
  where: string | null;
  seed: number;
}

const BETWEEN = "|"; // the words of one lexicon

/** The template of the address; undefined where it has none. */
export function useTemplate(): TemplateDraft | undefined {
  const { search } = useSearch();
  const text = JSON.stringify(templateOf(search) ?? null);
  return useMemo(() => (JSON.parse(text) as TemplateDraft | null) ?? undefined, [text]);
}

export function templateOf(search: Search): TemplateDraft | undefined {
  const sentences = (many(search, "template") ?? []).filter((text) => text.trim() !== "");
  const cells = pairsOf(many(search, "cell")).filter(([, text]) => text.trim() !== "");
  if (sentences.length === 0 && cells.length === 0) return undefined;
  const by = one(search, "answer_by") ?? null;
  const labels = Object.fromEntries(pairsOf(many(search, "answer")).map(([a, b]) => [a, b]));
  const isByPlace = by !== null && Object.keys(labels).length > 0;
  const vary = one(search, "vary") ?? null;
  return {
    template: sentences.length > 0 ? sentences : Object.fromEntries(cells),
    column: one(search, "into") ?? null,
    lexicons: lexiconsOf(search),
    label: isByPlace ? null : (one(search, "label") ?? null),
    labels: isByPlace ? labels : null,
    by: isByPlace ? by : null,
    vary,
    where: one(search, "where") || null,
    seed: Math.max(0, Math.round(Number(one(search, "seed") ?? 0)) || 0),
  };
}

export function lexiconsOf(search: Search): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [name, words] of pairsOf(many(search, "words"))) {
    const list = words.split(BETWEEN).filter((word) => word !== "");
    if (list.length > 0) found[name] = list;
  }
  return found;
}

/** The parameters `words` of the address for these lexicons. */
export function wordsOf(lexicons: Record<string, readonly string[]>): string[] | undefined {
  const made = Object.entries(lexicons)
    .filter(([, words]) => words.length > 0)
    .map(([name, words]) => `${name}=${words.join(BETWEEN)}`);
  return made.length > 0 ? made : undefined;
}

/** `name=value` as pairs; the name ends at the first sign of equality. */
export function pairsOf(given: readonly string[] | undefined): [string, string][] {
  return (given ?? [])
    .map((item) => [item, item.indexOf("=")] as const)
    .filter(([, at]) => at > 0)
    .map(([item, at]) => [item.slice(0, at), item.slice(at + 1)]);
}

/** A place of the lexicon, put where the caret is. */
export function withPlace(text: string, place: string, start: number, end: number): string {
  return `${text.slice(0, start)}{${place}}${text.slice(end)}`;
}
