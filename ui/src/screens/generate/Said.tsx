/** What the model says before and after, and whether that is another answer. */
import { IconArrowsExchange } from "@tabler/icons-react";
import classes from "@/screens/generate/Generate.module.css";
import { cell, percent } from "@/shared/format";

interface SaidProps {
  label: unknown;
  before: unknown;
  after: unknown;
  probability: number | null;
  probabilityAfter: number | null;
  flipped: boolean | null;
  isAsked: boolean;
}

export function Said(said: SaidProps) {
  const { label, before, after, flipped, isAsked } = said;
  return (
    <div className={classes.said}>
      {flipped ? (
        <span className={classes.flipped}>
          <IconArrowsExchange size={15} aria-hidden /> {cell(before)} → {cell(after)}
        </span>
      ) : (
        <span>
          {cell(isAsked ? (after ?? before) : before)}
          {isAsked && flipped === null && <span className="mp-soft"> → no answer</span>}
        </span>
      )}
      {said.probability !== null && said.probabilityAfter !== null && (
        <span className="mp-soft" title={`Probability of ${cell(before)}, before and after`}>
          {percent(said.probability)} → {percent(said.probabilityAfter)}
        </span>
      )}
      {label !== null && label !== undefined && (
        <span className="mp-soft">label {cell(label)}</span>
      )}
    </div>
  );
}
