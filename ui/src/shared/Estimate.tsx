/** A figure with its interval and rows: never one without the others. */
import { Tooltip } from "@mantine/core";
import classes from "@/shared/Estimate.module.css";
import { counted, percent } from "@/shared/format";

interface EstimateProps {
  value: number | null;
  low?: number | null;
  high?: number | null;
  n?: number | null;
  show?: (value: number | null) => string;
  size?: "small" | "large";
}

export function Estimate({ value, low, high, n, show = percent, size = "small" }: EstimateProps) {
  const hasInterval = low !== null && low !== undefined && high !== null && high !== undefined;
  const interval = hasInterval ? `${show(low)} to ${show(high)}` : "no interval";
  const rows = n === null || n === undefined ? "" : `, ${counted(n, "row")}`;
  return (
    <Tooltip label={`95 % interval: ${interval}${rows}`}>
      <span className={classes[size]}>
        <span className={classes.value}>{show(value)}</span>
        {hasInterval && (
          <span className={classes.interval}>
            {show(low)} – {show(high)}
          </span>
        )}
      </span>
    </Tooltip>
  );
}
