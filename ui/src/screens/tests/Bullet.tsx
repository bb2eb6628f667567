/** A value with its interval against the bound; the good side of the bound is shaded. */
import type { BoardRow } from "@/api/types";
import classes from "@/screens/tests/Tests.module.css";
import { number } from "@/shared/format";

export function Bullet({ row }: { row: BoardRow }) {
  const { verdict, axis_low: start, axis_high: end, good } = row;
  if (!verdict || start === null || end === null || verdict.value === null) return null;
  const at = (value: number) => `${(100 * (value - start)) / (end - start)}%`;
  const { value, low, high, bound, expected } = verdict;
  const interval = low !== null && high !== null;
  const said = interval ? `${number(value)}, ${number(low)} to ${number(high)}` : number(value);
  return (
    <div className={classes.measure}>
      <div className={classes.numbers}>
        <b>{number(value)}</b>
        <span className="mp-soft">{expected}</span>
      </div>
      <div className={classes.bullet} role="img" aria-label={`${said}; expected ${expected}`}>
        {bound !== null && good && (
          <span
            className={classes.good}
            style={good === "above" ? { left: at(bound), right: 0 } : { left: 0, width: at(bound) }}
          />
        )}
        {interval && (
          <span
            className={classes.interval}
            data-verdict={verdict.verdict}
            style={{ left: at(low), width: `${(100 * (high - low)) / (end - start)}%` }}
          />
        )}
        <span className={classes.value} style={{ left: at(value) }} />
        {bound !== null && <span className={classes.bound} style={{ left: at(bound) }} />}
      </div>
    </div>
  );
}
