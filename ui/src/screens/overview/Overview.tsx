/** How good is it, where is it wrong, what next: read top down in a minute. */
import { Stack, Text, Title } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type { Facts } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { patient } from "@/app/screensLoading";
import { Failure, Loading } from "@/app/states";
import { About } from "@/screens/overview/About";
import { Cards } from "@/screens/overview/Cards";
import { ErrorClasses } from "@/screens/overview/ErrorClasses";
import { ErrorParts } from "@/screens/overview/ErrorParts";
import { Headline } from "@/screens/overview/Headline";
import { InShort } from "@/screens/overview/InShort";
import { Notes } from "@/screens/overview/Notes";
import classes from "@/screens/overview/Overview.module.css";
import { Part } from "@/screens/overview/Part";
import { QualityParts } from "@/screens/overview/QualityParts";
import { TopSlices } from "@/screens/overview/TopSlices";
import { type OverviewQuery, useOverview } from "@/screens/overview/useOverview";
import { CohortBanner } from "@/shared/CohortBanner";
import { when } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const LooksAt = lazy(
  patient(() =>
    import("@/screens/overview/why/LooksAt").then(({ LooksAt: part }) => ({ default: part })),
  ),
);
const Flips = lazy(
  patient(() =>
    import("@/screens/overview/why/Flips").then(({ Flips: part }) => ({ default: part })),
  ),
);
const Versions = lazy(
  patient(() =>
    import("@/screens/overview/Versions").then(({ Versions: part }) => ({ default: part })),
  ),
);

const FEW = 2; // error classes that the confusion tells already

export function Overview() {
  const { facts } = useHere();
  const quality = useOverview("quality");
  const errors = useOverview("errors");
  const isRefused = quality.isError && !quality.data; // a cohort that is none, or empty
  return (
    <Stack className={classes.page} gap="md">
      <div>
        <Title order={1}>Overview</Title>
        <Text size="sm" className="mp-soft">
          {taskOf(facts)} · evaluated {when(facts.created_at)} by {facts.created_by}
        </Text>
      </div>
      <CohortBanner />
      {isRefused ? (
        <Panel title="Nothing can be shown of these rows">
          <Failure error={quality.error} retry={() => void quality.refetch()} />
        </Panel>
      ) : (
        <Parts quality={quality} errors={errors} />
      )}
    </Stack>
  );
}

/** A part whose code comes after the first screen. */
function Later({ title, children }: { title: string; children: ReactNode }) {
  const waiting = (
    <Panel title={title}>
      <Loading lines={3} />
    </Panel>
  );
  return <Suspense fallback={waiting}>{children}</Suspense>;
}

interface PartsProps {
  quality: OverviewQuery;
  errors: OverviewQuery;
}

function Parts({ quality, errors }: PartsProps) {
  const { facts } = useHere();
  return (
    <>
      <InShort quality={quality} errors={errors} />
      <Part query={quality} title="How good it is" lines={10}>
        {(overview) => <Headline overview={overview} model={facts.model} />}
      </Part>
      <Part query={errors} title="Where it is wrong" lines={9}>
        {({ slices }) => slices && <TopSlices part={slices} isLoss={facts.is_loss} />}
      </Part>
      <QualityParts query={quality} />
      <div className={classes.pair}>
        {quality.data && quality.data.error_classes.length > FEW && (
          <ErrorClasses rows={quality.data.error_classes} />
        )}
        <Part query={errors} title="What goes with being wrong">
          {({ cards }) => cards && <Cards part={cards} isLoss={facts.is_loss} />}
        </Part>
      </div>
      <Later title="What the model looks at">
        <LooksAt />
      </Later>
      <ErrorParts query={errors} />
      {facts.can_call_model && (
        <Later title="If one attribute alone were different">
          <Flips />
        </Later>
      )}
      <Later title="Over its versions">
        <Versions />
      </Later>
      <Notes notes={[...(quality.data?.notes ?? []), ...(errors.data?.notes ?? [])]} />
      {quality.data && <About about={quality.data.about} />}
    </>
  );
}

function taskOf({ task }: Facts): string {
  if (task.kind === "binary") return `Binary: “${task.positive}” or not`;
  if (task.kind === "multiclass") return `Which of ${task.classes.length} classes`;
  if (task.kind === "multilabel") return `Which of ${task.classes.length} labels, several at once`;
  return task.kind === "regression" ? "Regression" : "A score for each row";
}
