/** A verdict as a mark and a word, so that the colour is not all that tells it. */
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconHelpCircle,
} from "@tabler/icons-react";
import classes from "@/screens/tests/Tests.module.css";

const MARKS = {
  pass: IconCircleCheck,
  fail: IconCircleX,
  unsure: IconHelpCircle,
  error: IconAlertTriangle,
  "not run": IconCircleDashed,
};

export const SAYS: Record<string, string> = {
  pass: "The whole interval of the value is on the good side of the bound.",
  fail: "The whole interval of the value is on the bad side of the bound.",
  unsure:
    "The interval spans the bound, or there are too few rows to tell: the value could be on either side. That is no pass. More rows, a larger cohort or a looser bound would settle it.",
  error: "The check could not be run, and says why.",
  "not run": "The check has not been run on this evaluation yet.",
};

export function VerdictWord({ word }: { word: string }) {
  const Mark = MARKS[word as keyof typeof MARKS] ?? IconCircleDashed;
  return (
    <span className={classes.verdict} data-verdict={word} title={SAYS[word]}>
      <Mark size={17} aria-hidden /> {word}
    </span>
  );
}
