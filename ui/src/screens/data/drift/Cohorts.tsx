/** Cohorts that have become more or less frequent: where the drift is. */
import { Text } from "@mantine/core";
import type { Drift, DriftCohort } from "@/api/types";
import classes from "@/screens/data/drift/Drift.module.css";
import { RowsOf } from "@/screens/data/drift/RowsOf";
import { type IntervalLine, Intervals } from "@/screens/data/Intervals";
import { count, counted, differing, number, percent, probability, signed } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function Cohorts({ found }: { found: Drift }) {
  if (found.cohorts.length === 0) return null;
  return (
    <Panel
      title="Where it comes from"
      says="Cohorts that surely became more or less frequent, measured on rows that the search did not see."
    >
      <ol className={classes.cohorts}>
        {found.cohorts.map((cohort) => (
          <Cohort key={cohort.where} cohort={cohort} found={found} />
        ))}
      </ol>
    </Panel>
  );
}

function Cohort({ cohort, found }: { cohort: DriftCohort; found: Drift }) {
  const show = found.measure === "error rate" ? percent : number;
  const moved = differing(cohort.change, cohort.low, cohort.high);
  const lines: IntervalLine[] = [
    { name: "before", value: cohort.reference_share },
    { name: "now", value: cohort.current_share, tone: "strong" },
  ];
  return (
    <li>
      <div>
        <Intervals lines={lines} show={percent} start={0} />
        <p className="mp-soft mp-note">
          {moved.amount} ({moved.span})
        </p>
      </div>
      <div className={classes.words}>
        <Text size="sm" className="mp-sentence">
          {cohort.sentence}
        </Text>
        <p className="mp-soft mp-note">
          {counted(cohort.reference_n, "row")} before, {count(cohort.current_n)} now; p{" "}
          {probability(cohort.p_adjusted)}
          {cohort.error !== null && `; ${found.measure} there was ${show(cohort.error)}`}
          {cohort.cost !== null && `, which adds ${signed(cohort.cost, show)}`}
        </p>
        <div className={classes.acts}>
          <RowsOf found={found} where={cohort.where} sentence={cohort.sentence} />
        </div>
      </div>
    </li>
  );
}
