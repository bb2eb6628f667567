/** The threshold that the address names, and the line of a table that is nearest to it. */
import type { ThresholdRow } from "@/api/types";
import { one, type Search } from "@/app/address";

const USUAL = 0.5;

export function chosenThreshold(search: Search): number {
  const text = one(search, "threshold");
  const value = text === undefined ? Number.NaN : Number(text);
  return value >= 0 && value <= 1 ? value : USUAL;
}

export function nearestRow(rows: readonly ThresholdRow[], chosen: number): ThresholdRow {
  const away = (row: ThresholdRow) => Math.abs((row.threshold ?? 0) - chosen);
  return rows.reduce((best, row) => (away(row) < away(best) ? row : best));
}
