/** Figures of a metric as people read them. */
import { percent } from "@/shared/format";

const SHARES = new Set(["accuracy", "error_rate", "balanced_accuracy"]);

type Shown = number | null | undefined;

/** A metric's value: shares in percent, others with the digits that matter. */
export function metricText(metric: string, value: Shown): string {
  if (value === null || value === undefined) return "–";
  return SHARES.has(metric) ? percent(value) : plain(value);
}

/** A difference of two values, with its sign; shares differ by points. */
export function differenceText(metric: string, value: Shown): string {
  if (value === null || value === undefined) return "–";
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  const size = Math.abs(value);
  return sign + (SHARES.has(metric) ? `${(100 * size).toFixed(1)} pt` : plain(size));
}

export function intervalText(metric: string, low: Shown, high: Shown): string {
  const ends = [low, high].map((end) => metricText(metric, end).replace(" %", ""));
  return ends.join(" – ");
}

export function differencesText(metric: string, low: Shown, high: Shown): string {
  const ends = [low, high].map((end) => differenceText(metric, end).replace(" pt", ""));
  return ends.join(" to ");
}

function plain(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  return size >= 10 ? value.toFixed(1) : value.toFixed(3);
}

export interface Span {
  left: number;
  width: number;
  at: number;
}

type Interval = readonly [low: number, value: number, high: number];

/** Intervals on one scale, as percents of its width. */
export function spans(intervals: readonly Interval[]): Span[] {
  const low = Math.min(...intervals.map(([start]) => start));
  const high = Math.max(...intervals.map(([, , end]) => end));
  const scale = (value: number) => 2 + (96 * (value - low)) / (high - low || 1);
  return intervals.map(([start, value, end]) => ({
    left: scale(start),
    width: scale(end) - scale(start),
    at: scale(value),
  }));
}
