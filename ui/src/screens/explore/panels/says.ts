/** A bar in words. */
import type { Distribution } from "@/api/types";
import { count, number, percent } from "@/shared/format";

export function rateText(value: number | null | undefined, measure: string): string {
  return measure === "error rate" ? percent(value) : number(value);
}

/** What follows the figure: "12 % wrong", "0.31 mean loss". */
export function rateWords(measure: string): string {
  return measure === "error rate" ? "wrong" : measure;
}

export function barSays(of: Distribution, bar: number, measure: string): string {
  const rows = `${of.label[bar]}: ${count(of.n[bar])} of ${count(of.all[bar])} rows`;
  if (measure === "" || of.n[bar] === 0) return rows;
  const [rate, low, high] = [of.rate, of.rate_low, of.rate_high].map((values) =>
    rateText(values[bar], measure),
  );
  return `${rows}, ${measure} ${rate}, interval ${low} to ${high}`;
}
