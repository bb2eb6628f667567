/** How good is it, where is it wrong, what next: read top down in a minute. */
import { Stack } from "@mantine/core";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { Calibration } from "@/screens/overview/Calibration";
import { Cards } from "@/screens/overview/Cards";
import { Classes } from "@/screens/overview/Classes";
import { Confusion } from "@/screens/overview/Confusion";
import { Curves } from "@/screens/overview/Curves";
import { ErrorClasses } from "@/screens/overview/ErrorClasses";
import { ExamplesPanel } from "@/screens/overview/ExamplesPanel";
import { Headline } from "@/screens/overview/Headline";
import { Notes } from "@/screens/overview/Notes";
import classes from "@/screens/overview/Overview.module.css";
import { Spread } from "@/screens/overview/Spread";
import { Threshold } from "@/screens/overview/Threshold";
import { TopSlices } from "@/screens/overview/TopSlices";
import { useOverview } from "@/screens/overview/useOverview";
import { CohortBanner } from "@/shared/CohortBanner";
import { Panel } from "@/shared/Panel";

export function Overview() {
  const { facts } = useHere();
  const quality = useOverview("quality");
  const errors = useOverview("errors");
  const good = quality.data;
  const bad = errors.data;
  return (
    <Stack className={classes.page} gap="md">
      <CohortBanner />
      <Headline query={quality} />
      <Part query={errors} title="Where it is wrong">
        {bad?.slices && <TopSlices part={bad.slices} isLoss={facts.is_loss} />}
      </Part>
      <div className={classes.pair}>
        {good && good.classes.length > 0 && <Classes rows={good.classes} />}
        {good?.confusion && <Confusion part={good.confusion} classes={facts.classes} />}
      </div>
      {facts.task.kind === "binary" && <Threshold />}
      <div className={classes.pair}>
        {good?.calibration && <Calibration part={good.calibration} />}
        {good && good.curves.length > 0 && <Curves curves={good.curves} />}
        {bad?.spread && <Spread part={bad.spread} />}
      </div>
      <div className={classes.pair}>
        {good && good.error_classes.length > 0 && <ErrorClasses rows={good.error_classes} />}
        {bad?.cards && <Cards part={bad.cards} isLoss={facts.is_loss} />}
      </div>
      {bad?.mistakes && (
        <ExamplesPanel
          title={facts.is_loss ? "Largest errors" : "Most confident mistakes"}
          says={facts.is_loss ? "Rows with the largest loss." : "Wrong, and sure of it."}
          part={bad.mistakes}
          order={facts.is_loss ? "loss DESC" : "confidence DESC"}
          isWrong={!facts.is_loss}
        />
      )}
      {bad?.near_misses && (
        <ExamplesPanel
          title="Near misses"
          says="Wrong by the smallest margin: a little more evidence would do."
          part={bad.near_misses}
          order="margin"
          isWrong
        />
      )}
      <Notes notes={[...(good?.notes ?? []), ...(bad?.notes ?? [])]} />
    </Stack>
  );
}

interface PartProps {
  query: ReturnType<typeof useOverview>;
  title: string;
  children: React.ReactNode;
}

function Part({ query, title, children }: PartProps) {
  if (query.data) return children;
  return (
    <Panel title={title}>
      {query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading label={`Computing: ${title}`} />
      )}
    </Panel>
  );
}
