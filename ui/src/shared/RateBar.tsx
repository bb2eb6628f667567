/** A rate beside that of the rest, on one axis from 0 to `most`; the interval of the difference. */
import classes from "@/shared/RateBar.module.css";

interface RateBarProps {
  value: number | null;
  rest: number | null;
  low?: number | null; // of the value
  high?: number | null;
  most: number;
}

export function RateBar({ value, rest, low, high, most }: RateBarProps) {
  const place = (x: number) => `${Math.max(0, Math.min(100, (100 * x) / (most || 1)))}%`;
  const isRange = low !== null && low !== undefined && high !== null && high !== undefined;
  return (
    <span className={classes.axis} aria-hidden>
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
