/** An effect with its interval against the bound from which on it counts. */
import type { DriftRow } from "@/api/types";
import classes from "@/screens/data/drift/Drift.module.css";
import { short } from "@/shared/format";

const WORDS: Record<string, string> = { drift: "drift", same: "same", unsure: "unsure" };

export function EffectBar({ row, most }: { row: DriftRow; most: number }) {
  const { effect, low, high, bound, verdict, method } = row;
  const isAuc = method === "classifier";
  const start = isAuc ? 0.5 : 0;
  const end = isAuc ? 1 : most;
  const at = (x: number | null) =>
    `${Math.max(0, Math.min(100, (100 * ((x ?? start) - start)) / (end - start)))}%`;
  return (
    <div className={classes.effect} data-verdict={verdict}>
      <div className={classes.numbers}>
        <b>
          {isAuc && "AUC "}
          {short(effect)}
        </b>
        <span className="mp-soft">
          {short(low)} – {short(high)}
        </span>
        <span className={classes.word}>{WORDS[verdict] ?? verdict}</span>
      </div>
      <div className={classes.bar} aria-hidden title={`counts from ${short(bound)} on`}>
        <i className={classes.fill} style={{ width: at(effect) }} />
        <i className={classes.range} style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
        <i className={classes.bound} style={{ left: at(bound) }} />
      </div>
    </div>
  );
}
