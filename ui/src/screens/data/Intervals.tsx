/** Several values of one measure with their intervals, one under the other on one axis. */
import classes from "@/screens/data/Intervals.module.css";

export interface IntervalLine {
  name: string;
  value: number | null;
  low?: number | null | undefined;
  high?: number | null | undefined;
  tone?: "plain" | "strong" | "wrong";
}

interface IntervalsProps {
  lines: readonly IntervalLine[];
  show: (value: number | null | undefined) => string;
  start?: number; // of the axis, such as 0; else a little below the least
}

export function Intervals({ lines, show, start }: IntervalsProps) {
  const ends = lines
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((x): x is number => x !== null && x !== undefined);
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  const pad = (most - (start ?? least)) * 0.12 || 0.01;
  const first = start ?? least - pad;
  const at = (x: number) => `${(100 * (x - first)) / (most + pad - first)}%`;
  return (
    <span className={classes.lines}>
      {lines.map(({ name, value, low, high, tone = "plain" }) => (
        <span key={name} className={classes.line} data-tone={tone}>
          <span>{name}</span>
          <span className={classes.axis} aria-hidden>
            {low !== null && low !== undefined && high !== null && high !== undefined && (
              <i
                className={classes.range}
                style={{ left: at(low), right: `calc(100% - ${at(high)})` }}
              />
            )}
            {value !== null && <i className={classes.dot} style={{ left: at(value) }} />}
          </span>
          <span className={classes.says}>
            <b>{show(value)}</b>
            {low !== null && low !== undefined && ` ${show(low)} – ${show(high)}`}
          </span>
        </span>
      ))}
    </span>
  );
}
