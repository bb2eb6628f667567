/** What was found in short: how many labels, how sure, what they cost, and what makes it doubtful. */
import { Alert } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import type { LabelCost, LabelErrors } from "@/api/types";
import { type IntervalLine, Intervals } from "@/screens/data/Intervals";
import { KeepCheck } from "@/screens/data/KeepCheck";
import classes from "@/screens/data/labels/Labels.module.css";
import actions from "@/shared/CohortActions.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { count, counted, differing, metricName, metricShow, percent } from "@/shared/format";
import { OpenProblem } from "@/shared/OpenProblem";
import { Panel } from "@/shared/Panel";

export function Said({ found, decided }: { found: LabelErrors; decided: number }) {
  const { flagged, n, share, low, high, review } = found;
  return (
    <Panel
      title={found.flagged === 0 ? "No label is in doubt" : found.sentence}
      actions={
        flagged > 0 && (
          <div className={classes.actions}>
            <CohortLink where={found.where} className={actions.button}>
              <IconTable size={14} aria-hidden /> Open rows
            </CohortLink>
            <KeepCheck
              endpoint="label-errors/check"
              body={{ where: found.source.where || null }}
              says="not more labels look wrong than now"
            />
            <OpenProblem
              finding={{ kind: "label errors", where: found.where, sentence: found.sentence }}
              title="Labels that look wrong"
            />
          </div>
        )
      }
    >
      {found.warnings.map((warning) => (
        <Alert
          key={warning}
          variant="light"
          color="yellow"
          mb="sm"
          py={8}
          title="Caution"
          styles={{ title: { color: "var(--mp-text)" } }}
        >
          <span className={classes.warning}>{warning}</span>
        </Alert>
      ))}
      <dl className={classes.figures}>
        <div>
          <dt>Labels in doubt</dt>
          <dd>{count(flagged)}</dd>
          <dd className={classes.of}>of {counted(n, "row")}</dd>
        </div>
        <div>
          <dt>Wrong labels, at most</dt>
          <dd>{percent(share)}</dd>
          <dd className={classes.of}>
            {percent(low)} – {percent(high)} of the rows
          </dd>
        </div>
        <div>
          <dt>Confirmed by people</dt>
          <dd>{review.reviewed > 0 ? percent(review.share) : "–"}</dd>
          <dd className={classes.of}>
            {review.reviewed > 0
              ? `${count(review.confirmed)} of ${count(review.reviewed)} decided (${percent(review.low)} – ${percent(review.high)})`
              : decided > 0
                ? `${count(decided)} decided since; counted when the page is opened again`
                : "nobody has looked yet: begin below"}
          </dd>
        </div>
        {found.costs.map((cost) => (
          <Cost key={cost.metric} cost={cost} />
        ))}
      </dl>
    </Panel>
  );
}

/** A metric by the labels as they are, and by the suggested ones: two intervals on one axis. */
function Cost({ cost }: { cost: LabelCost }) {
  const show = metricShow(cost.metric);
  const gained = differing(cost.difference, cost.difference_low, cost.difference_high, show);
  const lines: IntervalLine[] = [
    { name: "as labelled", value: cost.value, low: cost.low, high: cost.high },
    {
      name: "as suggested",
      value: cost.suggested,
      low: cost.suggested_low,
      high: cost.suggested_high,
      tone: "strong",
    },
  ];
  return (
    <div className={classes.cost}>
      <dt>What the labels in doubt may cost: {metricName(cost.metric)}</dt>
      <dd>
        {gained.amount}{" "}
        <span className={classes.gain}>{gained.span}, if all suggestions are right</span>
      </dd>
      <dd className={classes.lines}>
        <Intervals lines={lines} show={show} />
      </dd>
      <dd className={classes.of}>{counted(cost.n, "row")}</dd>
    </div>
  );
}
