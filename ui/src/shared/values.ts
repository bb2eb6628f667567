/** Conditions on the label or prediction of a class; the label's type decides about quotes. */
import { quoted } from "@/shared/cohortText";

export type Scalar = string | number | boolean | null;

/** `column` is this class. A class whose name the server gave as text is written as it needs. */
export function isClass(column: string, value: Scalar): string {
  if (value === null) return `${column} IS NULL`;
  if (typeof value === "string") return `${column} = ${quoted(value)}`;
  if (typeof value === "boolean") return `${column} = ${String(value).toUpperCase()}`;
  return `${column} = ${value}`;
}

/** The class that a name stands for, which is cut where it is long; undefined if several may be. */
export function classNamed(classes: readonly Scalar[], name: string): Scalar | undefined {
  const same = classes.find((item) => String(item) === name);
  if (same !== undefined || !name.endsWith("…")) return same;
  const head = name.slice(0, -1);
  const like = classes.filter((item) => oneLine(String(item)).startsWith(head));
  return like.length === 1 ? like[0] : undefined;
}

/** Rows of a label with a prediction. */
export function isPair(label: Scalar, prediction: Scalar): string {
  return `${isClass("label", label)} AND ${isClass("prediction", prediction)}`;
}

function oneLine(text: string): string {
  return text.split(/\s+/).join(" ").trim();
}
