/** What was found in short: how many labels, how sure, what they cost, and what makes it doubtful. */
import { Alert, Text } from "@mantine/core";
import type { LabelCost, LabelErrors } from "@/api/types";
import classes from "@/screens/data/labels/Labels.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { count, metricName, metricShow, percent, signed } from "@/shared/format";
import { MakeCheck } from "@/shared/MakeCheck";
import { Panel } from "@/shared/Panel";

export function Said({ found }: { found: LabelErrors }) {
  const { flagged, n, share, low, high, review } = found;
  return (
    <Panel
      title={found.flagged === 0 ? "No label is likely wrong" : found.sentence}
      actions={
        flagged > 0 && (
          <div className={classes.actions}>
            <CohortLink where={found.where} className={classes.button}>
              Open rows
            </CohortLink>
            <MakeCheck where={found.where} name="labels in doubt" />
          </div>
        )
      }
    >
      {found.warnings.map((warning) => (
        <Alert key={warning} variant="light" color="yellow" mb="sm" py={8} title="Caution">
          <span className={classes.warning}>{warning}</span>
        </Alert>
      ))}
      <dl className={classes.figures}>
        <div>
          <dt>Labels in doubt</dt>
          <dd>{count(flagged)}</dd>
          <dd className={classes.of}>of {count(n)} rows</dd>
        </div>
        <div>
          <dt>Wrong labels, estimated</dt>
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
  const ends = [cost.low, cost.high, cost.suggested_low, cost.suggested_high].map((x) => x ?? 0);
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  const pad = (most - least) * 0.15 || 0.01;
  const at = (x: number | null) =>
    `${(100 * ((x ?? 0) - least + pad)) / (most - least + 2 * pad)}%`;
  const lines = [
    { name: "as labelled", value: cost.value, low: cost.low, high: cost.high },
    {
      name: "as suggested",
      value: cost.suggested,
      low: cost.suggested_low,
      high: cost.suggested_high,
    },
  ];
  return (
    <div className={classes.cost}>
      <dt>{metricName(cost.metric)} if the suggestions are right</dt>
      <dd>
        {show(cost.suggested)}{" "}
        <span className={classes.gain}>
          {signed(cost.difference, show)} ({signed(cost.difference_low, show)} to{" "}
          {signed(cost.difference_high, show)})
        </span>
      </dd>
      <dd className={classes.lines}>
        {lines.map(({ name, value, low, high }, place) => (
          <span key={name} className={classes.ends} data-after={place === 1 || undefined}>
            <span>{name}</span>
            <span className={classes.axis} aria-hidden>
              <i
                className={classes.range}
                style={{ left: at(low), right: `calc(100% - ${at(high)})` }}
              />
              <i className={classes.dot} style={{ left: at(value) }} />
            </span>
            <span className={classes.ofLine}>
              {show(value)} ({show(low)} – {show(high)})
            </span>
          </span>
        ))}
      </dd>
      <Text component="dd" className={classes.of}>
        {count(cost.n)} rows
      </Text>
    </div>
  );
}
