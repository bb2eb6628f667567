/** Pieces of cohort texts; what they mean is the server's to say. */

/** Words that a name may not be without quotes. */
const WORDS = new Set(
  `AND OR NOT IN BETWEEN IS NULL LIKE TRUE FALSE ALL ANY AS CASE CAST COLLATE ELSE END ESCAPE EXCEPT
  EXISTS FROM GLOB GROUP HAVING ILIKE INTERSECT INTERVAL JOIN LIMIT OFFSET ON ORDER OVER REGEXP RLIKE
  SELECT SIMILAR SOME THEN TRY_CAST UNION USING WHEN WHERE WITH XOR ASC BY DESC DISTINCT TABLE TO USER
  VALUES`.split(/\s+/),
);
const INPUT = /^input\("(?:[^"]|"")*"\)$/;

/** A text as a value: in single quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column's name as it stands in a cohort or an order. */
export function nameText(name: string): string {
  if (INPUT.test(name)) return name;
  const isPlain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !WORDS.has(name.toUpperCase());
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** All conditions at once; empty ones are left out. */
export function allOf(...conditions: (string | undefined)[]): string {
  const given = conditions.filter((text): text is string => Boolean(text?.trim()));
  return given.length === 1 ? (given[0] ?? "") : given.map((text) => `(${text})`).join(" AND ");
}

export function hasTag(tag: string): string {
  return `tag(${quoted(tag)})`;
}

export interface Phrase {
  column: string;
  phrase: string;
}

const HAS = /(not\s+)?\bhas\(\s*("(?:[^"]|"")*"|\w+)\s*,\s*'((?:[^']|'')*)'\s*\)/gi;

/** Phrases that a cohort asks for by has(), to be marked in the texts. */
export function phrasesOf(where: string): Phrase[] {
  return [...where.matchAll(HAS)]
    .filter((found) => !found[1])
    .map(([, , column = "", phrase = ""]) => ({
      column: column.startsWith('"') ? column.slice(1, -1).replaceAll('""', '"') : column,
      phrase: phrase.replaceAll("''", "'"),
    }));
}

export function phrasesByColumn(where: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const { column, phrase } of phrasesOf(where)) {
    found[column] = [...(found[column] ?? []), phrase];
  }
  return found;
}

const APART = "[^\\p{L}\\p{N}_']";

export interface Piece {
  text: string;
  isMarked: boolean;
}

/** The text in pieces, those marked that the phrases match as whole tokens in any case. */
export function marked(text: string, phrases: readonly string[]): Piece[] {
  const patterns = phrases
    .map((phrase) => phrase.split(/\s+/).filter(Boolean).map(escaped).join(`${APART}+`))
    .filter(Boolean);
  if (patterns.length === 0) return [{ text, isMarked: false }];
  const search = new RegExp(`(?<=^|${APART})(?:${patterns.join("|")})(?=$|${APART})`, "giu");
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(search)) {
    if (found.index > end) pieces.push({ text: text.slice(end, found.index), isMarked: false });
    pieces.push({ text: found[0], isMarked: true });
    end = found.index + found[0].length;
  }
  if (end < text.length || pieces.length === 0)
    pieces.push({ text: text.slice(end), isMarked: false });
  return pieces;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
