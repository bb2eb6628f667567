/** A difference with its interval on an axis around nought. */
import classes from "@/screens/compare/Compare.module.css";
import { differing } from "@/shared/format";

export interface Differing {
  difference: number | null;
  low: number | null;
  high: number | null;
  word: string;
}

interface DifferenceProps {
  row: Differing;
  most: number; // at either end of the axis
  show: (value: number | null | undefined) => string;
}

export function Difference({ row, most, show }: DifferenceProps) {
  const { difference, low, high, word } = row;
  const said = differing(difference, low, high, show);
  const at = (x: number) => 50 + (50 * Math.max(-most, Math.min(most, x))) / (most || 1);
  return (
    <span className={classes.difference} data-word={word}>
      <span className={classes.amounts}>
        <b>{said.amount}</b>
        {said.span && <span className="mp-soft">{said.span}</span>}
      </span>
      <span className={classes.axis} aria-hidden>
        <i className={classes.zero} />
        {low !== null && high !== null && (
          <i
            className={classes.range}
            style={{ left: `${at(low)}%`, right: `${100 - at(high)}%` }}
          />
        )}
        {difference !== null && (
          <i className={classes.dot} style={{ left: `${at(difference)}%` }} />
        )}
      </span>
    </span>
  );
}

/** The end of the axis that holds all of them. */
export function mostOf(rows: readonly Pick<Differing, "low" | "high" | "difference">[]): number {
  const ends = rows.flatMap(({ low, high, difference }) => [low ?? difference, high ?? difference]);
  return Math.max(1e-9, ...ends.map((x) => Math.abs(x ?? 0)));
}
