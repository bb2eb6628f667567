/** How often sets hold the label, with its interval, beside the target. */
import type { CoveredRow } from "@/api/types";
import classes from "@/screens/data/doubt/Doubt.module.css";

interface CoverageAxisProps {
  row: Pick<CoveredRow, "covered" | "low" | "high" | "target">;
  start: number;
}

export function CoverageAxis({ row, start }: CoverageAxisProps) {
  const at = (x: number | null) => `${(100 * ((x ?? 0) - start)) / (1 - start)}%`;
  return (
    <span className={classes.axis} aria-hidden>
      <i className={classes.target} style={{ left: at(row.target) }} />
      <i
        className={classes.range}
        style={{ left: at(row.low), right: `calc(100% - ${at(row.high)})` }}
      />
      <i className={classes.dot} style={{ left: at(row.covered) }} />
    </span>
  );
}
