/** Labels that are likely wrong: what they cost, a queue for people, and what people decided. */
import { Code, Stack, Text } from "@mantine/core";
import { useDataset, useWork } from "@/api/queries";
import type { LabelDecisions, LabelErrors } from "@/api/types";
import { one } from "@/app/address";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { useData } from "@/screens/data/dataHere";
import { Annotators } from "@/screens/data/labels/Annotators";
import { ByClass } from "@/screens/data/labels/ByClass";
import { Corrected } from "@/screens/data/labels/Corrected";
import { Decisions } from "@/screens/data/labels/Decisions";
import { Groups } from "@/screens/data/labels/Groups";
import { Joint } from "@/screens/data/labels/Joint";
import { usePlace } from "@/screens/data/labels/place";
import { Review } from "@/screens/data/labels/Review";
import { Said } from "@/screens/data/labels/Said";
import { CohortBanner } from "@/shared/CohortBanner";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

export function LabelsTab() {
  return (
    <Stack gap="md">
      <ByModel />
      <Annotators />
    </Stack>
  );
}

function ByModel() {
  const { evaluations, task } = useData();
  const here = useMaybeHere();
  const chosen = evaluations.find(({ model }) => model === here?.place.model);
  if (!here || !task) return <NoModel />;
  if (task.kind !== "binary" && task.kind !== "multiclass") return <NoClasses />;
  if (chosen && !chosen.has_probabilities) return <NoProbabilities model={chosen.model} />;
  return <Looked />;
}

function Looked() {
  const { place } = usePlace();
  const { search } = useSearch();
  const where = one(search, "where");
  const near = one(search, "near");
  const work = useWork<LabelErrors>(
    place,
    "label-errors",
    { where, near },
    { staleTime: FOR_LONG },
  );
  const decisions = useDataset<LabelDecisions>(place.dataset, "label-decisions");
  const found = work.data?.result;
  return (
    <Stack gap="md">
      <CohortBanner />
      {!found && (
        <Panel title="Looking for labels that are likely wrong">
          {work.isPending && <Loading label="Looking for label errors" />}
          {work.isError && <Failure error={work.error} retry={work.restart} />}
          {work.data?.job && !work.isError && (
            <JobProgress job={work.data.job} retry={work.restart} />
          )}
        </Panel>
      )}
      {found && (
        <>
          <Said found={found} decided={decisions.data?.rows.length ?? 0} />
          <Review found={found} />
          <Decisions />
          <Joint found={found} />
          <ByClass found={found} />
          <Groups found={found} />
          {found.flagged > 0 && <Corrected decisions={decisions.data} />}
        </>
      )}
      {!found && <Decisions />}
    </Stack>
  );
}

const FOR_LONG = Number.POSITIVE_INFINITY; // decisions do not move what is being looked at

function NoModel() {
  const { ref, name } = useData();
  return (
    <Panel title="A model has to speak first">
      <Text size="sm" maw={720} mb="sm">
        A label is in doubt when a model that did not learn from the row surely says another class.
        Choose a model above, or give {ref} predictions with a probability for each class:
      </Text>
      <Code block tabIndex={0} mb="sm">
        {`mispredict add predictions mymodel ${name} predictions.csv`}
      </Code>
      <Text size="sm" maw={720} mb={6}>
        A model that can be fitted anew gives such probabilities by cross-validation, in Python:
      </Text>
      <Code block tabIndex={0}>
        {`ws.cross_validate(pipeline, "${ref}").label_errors()`}
      </Code>
    </Panel>
  );
}

function NoClasses() {
  const { ref } = useData();
  return (
    <Panel title="These labels are no classes">
      <Text size="sm" maw={720}>
        A label is in doubt when a model surely says another class, and the labels of {ref} are not
        one class a row. Rows far from what the model says stand under Overview and in Explore,
        ordered by their loss.
      </Text>
    </Panel>
  );
}

function NoProbabilities({ model }: { model: string }) {
  return (
    <Panel title={`${model} gives no probabilities`}>
      <Text size="sm" maw={720}>
        Whether a label is likely wrong is read off the probability of each class, and {model} says
        the class alone. Add its predictions with a column for each class, such as p_yes and p_no,
        or choose another model.
      </Text>
    </Panel>
  );
}
