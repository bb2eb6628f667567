/** From the server's figures to the paths of a drawing; nothing is counted here. */
import type { Distribution } from "@/api/types";

/** `shares`: selection and whole each by its own total; `counts`: both by rows. */
export type Scaling = "shares" | "counts";

export const HEIGHT = 100; // of the view box
const TOP = 96; // highest drawn
const GAP = 0.5; // before the bar of missing values
const FEWEST = 6; // slots
const INSET = { all: 0.04, n: 0.16 };

export interface Heights {
  all: readonly number[];
  n: readonly number[];
}

/** Heights of the bars, 0 to 1. */
export function heights(of: Distribution, scaling: Scaling): Heights {
  const whole = scaling === "shares" ? total(of.all, of.more_all) : 1;
  const chosen = scaling === "shares" ? total(of.n, of.more_n) : 1;
  const all = of.all.map((value) => value / whole);
  const n = of.n.map((value) => value / chosen);
  const most = Math.max(...all, ...n, Number.MIN_VALUE);
  return { all: all.map((value) => value / most), n: n.map((value) => value / most) };
}

function total(values: readonly number[], more: number): number {
  return values.reduce((sum, value) => sum + value, more) || 1;
}

export interface Slots {
  /** Left end of each bar's slot, which is one wide. */
  x: readonly number[];
  /** Of all bars. */
  used: number;
  /** Of the drawing: a few bars do not fill it. */
  width: number;
}

export function slots(of: Distribution): Slots {
  const x = of.is_missing.map((isMissing, place) => place + (isMissing && place > 0 ? GAP : 0));
  const used = (x.at(-1) ?? 0) + 1;
  return { x, used, width: Math.max(used, FEWEST) };
}

/** One path with all bars for which `isDrawn`. */
export function barsPath(
  values: readonly number[],
  x: readonly number[],
  inset: keyof typeof INSET,
  isDrawn: (bar: number) => boolean = () => true,
): string {
  const margin = INSET[inset];
  let path = "";
  values.forEach((value, bar) => {
    if (value <= 0 || !isDrawn(bar)) return;
    const left = (x[bar] ?? 0) + margin;
    const y = HEIGHT - Math.max(value * TOP, 1.5); // a bar of few rows is still seen
    path += `M${left} ${HEIGHT}V${y.toFixed(2)}H${left + 1 - 2 * margin}V${HEIGHT}Z`;
  });
  return path;
}

export interface Rates {
  dots: string;
  whiskers: string;
}

/** Dots and intervals of the bars' error rates; none where there are no rows. */
export function ratePaths(of: Distribution, x: readonly number[], top: number): Rates {
  let dots = "";
  let whiskers = "";
  of.n.forEach((n, bar) => {
    if (n === 0) return;
    const middle = (x[bar] ?? 0) + 0.5;
    const y = rateHeight(of.rate[bar], top);
    if (y === null) return;
    dots += `M${middle} ${y}h0`;
    const low = rateHeight(of.rate_low[bar], top);
    const high = rateHeight(of.rate_high[bar], top);
    if (low !== null && high !== null) whiskers += `M${middle} ${low}V${high}`;
  });
  return { dots, whiskers };
}

/** How far down a rate stands. */
export function rateHeight(rate: number | null | undefined, top: number): number | null {
  if (rate === null || rate === undefined) return null;
  return Number((HEIGHT - TOP * Math.min(rate / top, 1)).toFixed(2));
}

/**
 * End of the scale of error rates, the same for all columns: what is sure to be reached by
 * columns that are not themselves about being wrong.
 */
export function rateTop(
  all: readonly Distribution[],
  overall: number | null,
  measure: string,
): number {
  let top = (overall ?? 0) * 2;
  for (const of of all) {
    if (of.is_reserved) continue;
    for (const low of of.rate_low) if (low !== null && low > top) top = low;
  }
  const end = top * 1.1 || 1;
  return measure === "error rate" ? Math.min(end, 1) : end;
}

/** Whether the bars stand side by side in the order of a scale, rather than as a list. */
export function isOrdered(of: Distribution): boolean {
  return of.kind === "bins" || of.type === "numeric" || of.type === "datetime";
}
