/** The findings in sentences, and the main metrics beside what something simpler reaches. */
import { Alert, Text } from "@mantine/core";
import type { Baseline, Figure, OverviewData } from "@/api/types";
import { Failure, Loading } from "@/app/states";
import classes from "@/screens/overview/Headline.module.css";
import type { useOverview } from "@/screens/overview/useOverview";
import { Estimate } from "@/shared/Estimate";
import { count, metricName, metricShow } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const LARGE = 4; // figures that are shown large

export function Headline({ query }: { query: ReturnType<typeof useOverview> }) {
  const overview = query.data;
  const says = overview && mainFinding(overview);
  return (
    <Panel title="How good it is" says={says}>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading label="Measuring" lines={6} />}
      {overview?.warning && (
        <Alert color="wrong" variant="light" mb="sm" title="Mind the skew">
          {overview.warning}
        </Alert>
      )}
      {overview && <Figures overview={overview} />}
    </Panel>
  );
}

function mainFinding(overview: OverviewData): string {
  const parts = ["metrics", "baselines", "calibration"];
  const found = parts.map((part) => overview.findings.find((item) => item.part === part));
  return found.flatMap((item) => (item ? [withDot(item.sentence)] : [])).join(" ");
}

function withDot(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function Figures({ overview }: { overview: OverviewData }) {
  const [large, small] = [overview.figures.slice(0, LARGE), overview.figures.slice(LARGE)];
  return (
    <div data-part="headline">
      <dl className={classes.large}>
        {large.map((figure) => (
          <LargeFigure key={figure.metric} figure={figure} baselines={overview.baselines} />
        ))}
      </dl>
      <dl className={classes.small}>
        {small.map((figure) => (
          <div key={figure.metric} title={figure.explanation}>
            <dt>{metricName(figure.metric)}</dt>
            <dd>
              <Estimate {...figure} show={metricShow(figure.metric)} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

interface LargeFigureProps {
  figure: Figure;
  baselines: readonly Baseline[];
}

function LargeFigure({ figure, baselines }: LargeFigureProps) {
  const show = metricShow(figure.metric);
  return (
    <div title={figure.explanation}>
      <dt>{metricName(figure.metric)}</dt>
      <dd>
        <Estimate {...figure} show={show} size="large" />
        <ul className={classes.beside}>
          {baselines.map((baseline) => {
            const same = baseline.figures.find(({ metric }) => metric === figure.metric);
            return same ? (
              <li key={`${baseline.kind} ${baseline.name}`}>
                <span>{baseline.name}</span> <b>{show(same.value)}</b>
              </li>
            ) : null;
          })}
        </ul>
      </dd>
    </div>
  );
}

export function FixedAndBroken({ baselines }: { baselines: readonly Baseline[] }) {
  const before = baselines.find(({ fixed }) => fixed !== null);
  if (!before) return null;
  return (
    <Text size="sm" className="mp-soft" mt="xs">
      Beside {before.name}: {count(before.fixed)} rows fixed, {count(before.broken)} broken.
    </Text>
  );
}
