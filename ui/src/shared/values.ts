/** Conditions on the label or prediction of a class; the label's type decides about quotes. */
import { quoted } from "@/shared/cohortText";

type Scalar = string | number | boolean | null;

/** `column` is this class. A class whose name the server gave as text is written as it needs. */
export function isClass(column: string, value: Scalar): string {
  if (value === null) return `${column} IS NULL`;
  if (typeof value === "string") return `${column} = ${quoted(value)}`;
  if (typeof value === "boolean") return `${column} = ${String(value).toUpperCase()}`;
  return `${column} = ${value}`;
}
