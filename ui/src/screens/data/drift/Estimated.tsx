/** Performance over windows: estimated without labels, and real where labels are known. */
import { Alert, SegmentedControl, Text } from "@mantine/core";
import { useCallback } from "react";
import { useWork } from "@/api/queries";
import type { EstimatedPerformance, EstimatedRow } from "@/api/types";
import { one } from "@/app/address";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/data/drift/Drift.module.css";
import type { Sides } from "@/screens/data/drift/useSides";
import { counted, metricName, metricShow } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 300;

/** Shown where both sides are evaluations: only those have probabilities. */
export function Estimated({ sides }: { sides: Sides }) {
  const { reference, current, parts } = sides;
  const [model, dataset] = current.ref.split("/");
  if (!model || !dataset || !reference.ref.includes("/")) return null;
  const params = {
    reference: reference.ref,
    where: current.where,
    reference_where: reference.where,
    by: parts.by,
    windows: parts.windows ?? (parts.by === undefined ? "10" : undefined),
  };
  return <OfEvaluation place={{ model, dataset }} params={params} />;
}

interface OfEvaluationProps {
  place: { model: string; dataset: string };
  params: Record<string, string | undefined>;
}

function OfEvaluation({ place, params }: OfEvaluationProps) {
  const { search, set } = useSearch();
  const work = useWork<EstimatedPerformance>(place, "estimated-performance", params);
  const found = work.data?.result;
  const asked = one(search, "metric");
  const metric = found?.metrics.find((name) => name === asked) ?? found?.metrics[0];
  return (
    <Panel
      title="Performance over the windows"
      says={found?.note}
      actions={
        found &&
        found.metrics.length > 1 && (
          <SegmentedControl
            size="xs"
            value={metric ?? ""}
            onChange={(value) => set({ metric: value }, { replace: true })}
            data={found.metrics.map((value) => ({ value, label: metricName(value) }))}
            aria-label="Metric"
          />
        )
      }
    >
      {work.isPending && <Loading label="Estimating performance" />}
      {work.isError && <Failure error={work.error} />}
      {work.data?.job && !work.isError && <JobProgress job={work.data.job} retry={work.restart} />}
      {found && metric && <Chart found={found} metric={metric} />}
      {found && <Notes found={found} />}
    </Panel>
  );
}

/** What the estimate cannot know; where labels contradict it, that comes first. */
function Notes({ found }: { found: EstimatedPerformance }) {
  const isMoved = found.rows.some(({ concept }) => concept === "moved");
  const [always, ...others] = found.notes;
  return (
    <>
      {others.map((note) =>
        isMoved ? (
          <Alert
            key={note}
            variant="light"
            color="yellow"
            mt="sm"
            py={8}
            title="Labels say otherwise"
          >
            {note}
          </Alert>
        ) : (
          <Text key={note} size="xs" className="mp-soft mp-sentence" mt={4}>
            {note}
          </Text>
        ),
      )}
      <Text size="xs" className="mp-soft mp-sentence" mt={8}>
        {always}
      </Text>
    </>
  );
}

function Chart({ found, metric }: { found: EstimatedPerformance; metric: string }) {
  const every = found.rows.filter((row) => row.metric === metric);
  const windows = every.filter(({ window }) => window !== "all");
  const rows = windows.length > 0 ? windows : every;
  const draw = useCallback(
    (plot: Library) => drawn(plot, metric, windowsOf(found, metric)),
    [found, metric],
  );
  const hasLabels = rows.some(({ real }) => real !== null);
  return (
    <>
      <p className={classes.key}>
        <span>
          <i className={classes.mark} data-mark="estimated" aria-hidden /> estimated, with its
          interval
        </span>
        {hasLabels && (
          <span>
            <i className={classes.mark} data-mark="real" aria-hidden /> real, with its interval
          </span>
        )}
        <span>
          <i className={classes.mark} data-mark="threshold" aria-hidden /> from there on an alarm
        </span>
      </p>
      <PlotFigure label={says(metric, rows)} height={HEIGHT} draw={draw} />
    </>
  );
}

function windowsOf(found: EstimatedPerformance, metric: string): EstimatedRow[] {
  const every = found.rows.filter((row) => row.metric === metric);
  const windows = every.filter(({ window }) => window !== "all");
  return windows.length > 0 ? windows : every;
}

function says(metric: string, rows: readonly EstimatedRow[]): string {
  const show = metricShow(metric);
  const parts = rows.map(
    ({ window, value, real }) =>
      `${window}: estimated ${show(value)}${real === null ? "" : `, really ${show(real)}`}`,
  );
  return `${metricName(metric)} by window. ${parts.join("; ")}`;
}

function drawn(plot: Library, metric: string, rows: EstimatedRow[]) {
  const show = metricShow(metric);
  const title = (row: EstimatedRow) =>
    `${row.window}, ${counted(row.n, "row")}\nestimated ${show(row.value)} (${show(row.low)} – ${show(row.high)})` +
    (row.real === null
      ? "\nno labels"
      : `\nreally ${show(row.real)} (${show(row.real_low)} – ${show(row.real_high)}), ${counted(row.real_n, "label")}`);
  const known = rows.filter(({ real }) => real !== null);
  const names = rows.map(({ window }) => window);
  const longest = Math.max(0, ...names.map(({ length }) => length));
  const isCrowded = names.join("  ").length * LETTER > Math.min(window.innerWidth, WIDEST);
  const first = rows[0];
  return {
    marginLeft: 58,
    marginBottom: isCrowded ? Math.min(MOST_BELOW, 24 + longest * SLANTED) : 36,
    x: {
      type: "point" as const,
      domain: names,
      label: null,
      tickRotate: isCrowded ? -40 : 0,
    },
    y: { label: metricName(metric), tickFormat: (x: number) => show(x), grid: true, nice: true },
    marks: [
      plot.areaY(rows, {
        x: "window",
        y1: "low",
        y2: "high",
        fill: "var(--mp-rows)",
        fillOpacity: 0.28,
      }),
      plot.line(rows, { x: "window", y: "value", stroke: "var(--mp-rows)", strokeWidth: 2 }),
      ...(first && first.threshold !== null
        ? [
            plot.ruleY([first.threshold], { stroke: "var(--mp-wrong)", strokeDasharray: "5 4" }),
            plot.ruleY([first.reference ?? first.threshold], {
              stroke: "var(--mp-soft)",
              strokeDasharray: "1 3",
            }),
          ]
        : []),
      plot.line(known, { x: "window", y: "real", stroke: "var(--mp-text)", strokeWidth: 1.5 }),
      plot.ruleX(known, {
        x: "window",
        y1: "real_low",
        y2: "real_high",
        stroke: "var(--mp-text)",
        strokeWidth: 1.5,
      }),
      plot.dot(known, { x: "window", y: "real", r: 4, fill: "var(--mp-text)" }),
      plot.dot(rows, {
        x: "window",
        y: "value",
        r: 4,
        fill: (row: EstimatedRow) =>
          row.verdict === "alarm" ? "var(--mp-wrong)" : "var(--mp-rows)",
        title,
        tip: true,
      }),
    ],
  };
}

const LETTER = 8; // pixels
const SLANTED = 4.4; // pixels that a letter of a slanted name goes down
const MOST_BELOW = 150;
const WIDEST = 1000;
