/** The main metrics with their intervals, beside what something simpler reaches. */
import type { Figure, OverviewData } from "@/api/types";
import { Beside } from "@/screens/overview/Beside";
import classes from "@/screens/overview/Headline.module.css";
import { compared } from "@/screens/overview/rivals";
import { Estimate } from "@/shared/Estimate";
import { counted, metricName, metricShow } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const LARGE = 4; // figures that are shown large

export function Headline({ overview, model }: { overview: OverviewData; model: string }) {
  const { figures } = overview;
  const beside = compared(overview, model);
  const told = new Set([...figures.slice(0, LARGE).map(metricOf), ...beside.metrics]);
  const further = figures.filter(({ metric }) => !told.has(metric));
  return (
    <Panel
      name="quality"
      title="How good it is"
      says={`${counted(overview.source.n, "row")}; each figure with its 95 % interval.`}
    >
      <div data-part="headline">
        <dl className={classes.large}>
          {figures.slice(0, LARGE).map((figure) => (
            <One key={figure.metric} figure={figure} size="large" />
          ))}
        </dl>
        <Beside compared={beside} />
        {further.length > 0 && (
          <dl className={classes.small}>
            {further.map((figure) => (
              <One key={figure.metric} figure={figure} size="small" />
            ))}
          </dl>
        )}
      </div>
    </Panel>
  );
}

function One({ figure, size }: { figure: Figure; size: "large" | "small" }) {
  return (
    <div>
      <dt title={figure.explanation}>{metricName(figure.metric)}</dt>
      <dd>
        <Estimate {...figure} show={metricShow(figure.metric)} size={size} />
      </dd>
    </div>
  );
}

function metricOf(figure: Figure): string {
  return figure.metric;
}
