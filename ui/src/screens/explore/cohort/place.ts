/** Places in a half-typed cohort: where it is wrong, and what a suggestion makes of it. */
import type { Completion, Suggestion } from "@/api/types";

export interface Part {
  start: number;
  end: number;
}

interface Said {
  message: string;
  position: number | null;
}

/** The part of the text that an error is about, as far as the error says. */
export function wrongPart(text: string, error: Said): Part | null {
  const said = /at character (\d+)/.exec(error.message)?.[1];
  const start = error.position ?? (said === undefined ? namedAt(text, error.message) : +said - 1);
  if (start === null || start < 0) return null;
  if (start >= text.length) return { start: Math.max(0, text.length - 1), end: text.length };
  const rest = text.slice(start);
  const long = /^('(?:[^']|'')*'?|"(?:[^"]|"")*"?|[\p{L}\p{N}_]+|\S)/u.exec(rest)?.[0].length ?? 1;
  return { start, end: start + long };
}

/** Where the first name that the message quotes stands in the text. */
function namedAt(text: string, message: string): number | null {
  const name = /'([^']+)'/.exec(message)?.[1];
  if (!name) return null;
  const place = text.indexOf(name);
  return place < 0 ? null : place;
}

/** The text and the cursor after a suggestion was taken. */
export function taken(text: string, completion: Completion, item: Suggestion) {
  const rest = text.slice(completion.end);
  const isOpen = /[(,']$/.test(item.text);
  const space = isOpen || /^[\s),]/.test(rest) ? "" : " ";
  const before = text.slice(0, completion.start) + item.text + space;
  return { text: before + rest, cursor: before.length };
}
