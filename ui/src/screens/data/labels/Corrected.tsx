/** Metrics before and after: by the labels given, with what people decided, and corrected. */
import { Alert, Button, SegmentedControl, Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { CorrectedMetric, CorrectedMetrics, LabelDecisions } from "@/api/types";
import { one } from "@/app/address";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { type IntervalLine, Intervals } from "@/screens/data/Intervals";
import classes from "@/screens/data/labels/Labels.module.css";
import { usePlace } from "@/screens/data/labels/place";
import { counted, differing, metricName, metricShow } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

const WAYS = [
  { value: "reviewed", label: "By decisions" },
  { value: "estimated", label: "Estimated" },
];

export function Corrected({ decisions }: { decisions?: LabelDecisions | undefined }) {
  const { place } = usePlace();
  const { search, set } = useSearch();
  const where = one(search, "where");
  const decided = decisions?.rows.length ?? 0;
  const noise = one(search, "noise") ?? "estimated";
  const work = useWork<CorrectedMetrics>(
    place,
    "corrected-metrics",
    { where, noise },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const found = work.data?.result;
  return (
    <Panel
      title="Metrics with right labels"
      says={found?.sentence}
      actions={
        <div className={classes.actions}>
          {decided > 0 && (
            <Button size="xs" variant="default" onClick={() => void work.refetch()}>
              Measure again
            </Button>
          )}
          <SegmentedControl
            size="xs"
            value={noise}
            onChange={(value) => set({ noise: value }, { replace: true })}
            data={WAYS}
            aria-label="What is known of wrong labels"
          />
        </div>
      }
    >
      {work.isPending && <Loading label="Correcting metrics" />}
      {work.isError && <Failure error={work.error} />}
      {work.data?.job && !work.isError && <JobProgress job={work.data.job} retry={work.restart} />}
      {found?.warnings.map((warning) => (
        <Alert
          key={warning}
          variant="light"
          color="yellow"
          mb="sm"
          py={8}
          title="Caution"
          styles={{ title: { color: "var(--mp-text)" } }}
        >
          {warning}
        </Alert>
      ))}
      {found && (
        <>
          <div className={classes.metrics}>
            {found.rows.map((row) => (
              <Metric key={row.metric} row={row} />
            ))}
          </div>
          <Text size="xs" className="mp-soft mp-sentence" mt="xs">
            {found.assumes}
          </Text>
        </>
      )}
    </Panel>
  );
}

function Metric({ row }: { row: CorrectedMetric }) {
  const show = metricShow(row.metric);
  const moved = differing(row.difference, row.difference_low, row.difference_high, show);
  const lines: IntervalLine[] = [
    { name: "labels as given", value: row.value, low: row.low, high: row.high },
    {
      name: "as decided",
      value: row.relabelled,
      low: row.relabelled_low,
      high: row.relabelled_high,
    },
    {
      name: "corrected",
      value: row.corrected,
      low: row.corrected_low,
      high: row.corrected_high,
      tone: "strong",
    },
  ];
  return (
    <div>
      <h3 className={classes.metric}>{metricName(row.metric)}</h3>
      <Intervals lines={lines.filter(({ value }) => value !== null)} show={show} />
      <p className="mp-soft mp-note">
        {moved.amount} ({moved.span}), {counted(row.n, "row")}
      </p>
    </div>
  );
}
