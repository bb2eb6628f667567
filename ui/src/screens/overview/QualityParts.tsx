/** Parts that tell how good it is: by class, by threshold, by confidence. */
import type { OverviewData } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Calibration } from "@/screens/overview/Calibration";
import { Classes } from "@/screens/overview/Classes";
import { Confusion } from "@/screens/overview/Confusion";
import { Curves } from "@/screens/overview/Curves";
import classes from "@/screens/overview/Overview.module.css";
import { Part } from "@/screens/overview/Part";
import { Spread } from "@/screens/overview/Spread";
import { Threshold } from "@/screens/overview/Threshold";
import type { OverviewQuery } from "@/screens/overview/useOverview";

export function QualityParts({ query }: { query: OverviewQuery }) {
  const { facts } = useHere();
  return (
    <>
      {!facts.is_loss && (
        <Part query={query} title="Classes">
          {(overview) => <OfClasses overview={overview} />}
        </Part>
      )}
      {facts.task.kind === "binary" && query.data?.threshold && (
        <Threshold decision={query.data.threshold.decision} />
      )}
      {query.data && (
        <div className={classes.trio}>
          {query.data.calibration && <Calibration part={query.data.calibration} />}
          {query.data.curves.length > 0 && <Curves curves={query.data.curves} />}
          {query.data.spread && <Spread part={query.data.spread} />}
        </div>
      )}
    </>
  );
}

function OfClasses({ overview }: { overview: OverviewData }) {
  return (
    <div className={classes.pair}>
      {overview.classes.length > 0 && <Classes rows={overview.classes} />}
      {overview.confusion && (
        <Confusion size={overview.confusion.n_classes} errors={overview.error_classes} />
      )}
    </div>
  );
}
