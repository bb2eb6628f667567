/** A share with its interval, as a figure and on an axis from none to all. */
import classes from "@/screens/generate/Generate.module.css";
import { percent } from "@/shared/format";

interface ShareProps {
  share: number | null;
  low: number | null;
  high: number | null;
  of: string;
}

export function Share({ share, low, high, of }: ShareProps) {
  if (share === null || low === null || high === null) return null;
  return (
    <div className={classes.share}>
      <div>
        <b className={classes.big}>{percent(share)}</b>{" "}
        <span className="mp-soft">
          ({percent(low)} – {percent(high)}) of {of}
        </span>
      </div>
      <div
        className={classes.bar}
        role="img"
        aria-label={`${percent(share)}, ${percent(low)} to ${percent(high)}`}
      >
        <span
          className={classes.interval}
          style={{ left: `${100 * low}%`, width: `${100 * (high - low)}%` }}
        />
        <span className={classes.value} style={{ left: `${100 * share}%` }} />
      </div>
    </div>
  );
}
