/** Numbers and dates as people read them; "–" where there is none. */

const NONE = "–";
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : whole.format(value);
}

/** A number of things in words: 1 row, 2,000 rows. */
export function counted(value: number | null | undefined, noun: string, nouns?: string): string {
  return `${count(value)} ${value === 1 ? noun : (nouns ?? `${noun}s`)}`;
}

/** 0.1234 → 12.3 %; small shares keep two figures. */
export function percent(value: number | null | undefined, digits?: number): string {
  if (value === null || value === undefined) return NONE;
  const shown = value * 100;
  const size = Math.abs(shown);
  const isNear = size > 99.9 && size < 100; // which is not all
  const places = digits ?? ((size > 0 && size < 1) || isNear ? 2 : size >= 99.95 ? 0 : 1);
  return `${shown.toFixed(places)} %`;
}

const brief = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Three figures with a letter for thousands: 12,345 → 12.3K. */
export function compact(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return Math.abs(value) < 1e-4 && value !== 0 ? value.toExponential(0) : brief.format(value);
}

/** Up to four significant figures, without an exponent where it can be avoided. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(2);
  if (size >= 1000) return whole.format(value);
  return String(Number(value.toPrecision(4)));
}

/** A cell's value: numbers short, texts as they are, missing as "–". */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return NONE;
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : number(value);
  if (typeof value === "string") return value;
  return typeof value === "boolean" ? String(value) : JSON.stringify(value);
}

/** A p-value as it is written: "= 0.012", "< 0.001". */
export function probability(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return value < 0.001 ? "< 0.001" : `= ${Number(value.toPrecision(2))}`;
}

/** A difference with its sign; that of shares is in points, as it is no share of anything. */
export function signed(value: number | null | undefined, show = percent): string {
  if (value === null || value === undefined) return NONE;
  const text = show(Math.abs(value));
  const said = show === percent ? text.replace(/ %$/, " points") : text;
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${said}`;
}

/** A difference and its interval, both as exact as the interval is narrow: +0.5 points, −1.4 to +2.4. */
export function differing(
  value: number | null | undefined,
  low: number | null | undefined,
  high: number | null | undefined,
  show = percent,
): { amount: string; span: string } {
  const has = low !== null && low !== undefined && high !== null && high !== undefined;
  const places = has && high - low < 0.02 ? 2 : 1;
  const inPoints = (of: number | null | undefined) => {
    if (of === null || of === undefined) return NONE;
    const text = Math.abs(100 * of).toFixed(places);
    return `${Number(text) === 0 ? "" : of > 0 ? "+" : "−"}${text}`;
  };
  const say = show === percent ? inPoints : (of: typeof value) => signed(of, show);
  const known = value !== null && value !== undefined;
  return {
    amount: `${say(value)}${show === percent && known ? " points" : ""}`,
    span: has ? `${say(low)} to ${say(high)}` : "",
  };
}

/** An amount of which the sign matters: three figures, a minus that is one. */
export function amount(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  const size = Math.abs(value);
  const text = size > 0 && size < 1e-4 ? "0.000" : number(Number(size.toPrecision(3)));
  return `${value < 0 ? "−" : ""}${text}`;
}

/** How amounts of one list are written: all with as many decimals, the largest with three or so. */
export function amountsUpTo(most: number): (value: number | null | undefined) => string {
  const power = most > 0 ? Math.floor(Math.log10(most)) : 0;
  const places = Math.max(0, Math.min(power < -1 ? 2 - power : 3, 3 - power));
  return (value) => {
    if (value === null || value === undefined) return NONE;
    if (most >= 1e6 || (most > 0 && most < 1e-6)) return amount(value);
    const text = Math.abs(value).toFixed(places);
    return `${value < 0 && Number(text) !== 0 ? "−" : ""}${text}`;
  };
}

export function when(iso: string | null | undefined): string {
  if (!iso) return NONE;
  const date = new Date(iso);
  const options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" };
  return Number.isNaN(date.valueOf()) ? iso : new Intl.DateTimeFormat("en", options).format(date);
}

export function seconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`;
}

/** Metrics that are shares of rows: shown in percent. */
const SHARES = new Set(["accuracy", "error_rate", "balanced_accuracy", "hamming_loss", "ece"]);

/** How a metric's values are shown. */
export function metricShow(metric: string): (value: number | null | undefined) => string {
  return SHARES.has(metric) ? percent : short;
}

/** Three figures, as metrics between 0 and 1 are read. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return Math.abs(value) <= 1 ? value.toFixed(3) : number(value);
}

/** `balanced_accuracy` → balanced accuracy; a class in brackets stays. */
export function metricName(metric: string): string {
  const [name = "", ...of] = metric.split("[");
  const words = name.split("_").map((word) => SHORT_NAMES[word] ?? word);
  return [words.join(" "), ...of].join("[");
}

const SHORT_NAMES: Record<string, string> = {
  auc: "AUC",
  ece: "ECE",
  f1: "F1",
  mae: "MAE",
  mape: "MAPE",
  mcc: "MCC",
  r2: "R²",
  rmse: "RMSE",
  roc: "ROC",
  wer: "WER",
};
