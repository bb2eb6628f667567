/** A bar in words. */
import type { Distribution } from "@/api/types";
import { count, counted, number, percent } from "@/shared/format";

export function rateText(value: number | null | undefined, measure: string): string {
  return measure === "error rate" ? percent(value) : number(value);
}

/** What follows the figure: "12 % wrong", "0.31 mean loss". */
export function rateWords(measure: string): string {
  return measure === "error rate" ? "wrong" : measure;
}

/** A bar's label; without an error there is no error class. */
export function labelOf(of: Distribution, bar: number): string {
  const isRight = of.column === "error_class" && of.is_reserved && of.is_missing[bar];
  return isRight ? "no error" : (of.label[bar] ?? "");
}

export function barSays(of: Distribution, bar: number, measure: string): string {
  const rows = `${labelOf(of, bar)}: ${count(of.n[bar])} of ${counted(of.all[bar], "row")}`;
  if (measure === "" || of.n[bar] === 0) return rows;
  const [rate, low, high] = [of.rate, of.rate_low, of.rate_high].map((values) =>
    rateText(values[bar], measure),
  );
  return `${rows}, ${measure} ${rate}, interval ${low} to ${high}`;
}
