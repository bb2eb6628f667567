/** A rate beside that of the rest, on one axis from 0 to `most`; the interval of the difference. */
import classes from "@/shared/RateBar.module.css";

interface RateBarProps {
  value: number | null;
  rest: number | null;
  low?: number | null; // of the value
  high?: number | null;
  most: number;
  isGood?: boolean; // less than the rest
}

export function RateBar({ value, rest, low, high, most, isGood }: RateBarProps) {
  const place = (x: number) => `${Math.max(0, Math.min(100, (100 * x) / (most || 1)))}%`;
  const isRange = low !== null && low !== undefined && high !== null && high !== undefined;
  return (
    <span className={classes.axis} data-good={isGood || undefined} aria-hidden>
      {value !== null && <i className={classes.bar} style={{ width: place(value) }} />}
      {isRange && (
        <i
          className={classes.range}
          style={{ left: place(low), width: `calc(${place(high)} - ${place(low)})` }}
        />
      )}
      {rest !== null && <i className={classes.rest} style={{ left: place(rest) }} />}
    </span>
  );
}

interface RateLegendProps {
  measure: string;
  range?: string;
}

/** What the marks of the bars below mean. */
export function RateLegend({ measure, range = "95 % interval" }: RateLegendProps) {
  return (
    <p className={classes.legend}>
      <span>
        <i className={classes.keyBar} aria-hidden /> {measure} there
      </span>
      <span>
        <i className={classes.keyRest} aria-hidden /> elsewhere
      </span>
      <span>
        <i className={classes.keyRange} aria-hidden /> {range}
      </span>
    </p>
  );
}
