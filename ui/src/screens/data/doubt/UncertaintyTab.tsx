/** How sure the model may be: errors by doubt, confident mistakes, noise, sets, sanity. */
import { Stack, Text } from "@mantine/core";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { useData } from "@/screens/data/dataHere";
import { Noise } from "@/screens/data/doubt/Noise";
import { Risk } from "@/screens/data/doubt/Risk";
import { SanityTests } from "@/screens/data/doubt/SanityTests";
import { Sets } from "@/screens/data/doubt/Sets";
import { CohortBanner } from "@/shared/CohortBanner";
import { Panel } from "@/shared/Panel";

export function UncertaintyTab() {
  const { evaluations, task } = useData();
  const here = useMaybeHere();
  const chosen = evaluations.find(({ model }) => model === here?.place.model);
  if (!here || !task) return <NoModel />;
  const hasSets = task.kind === "regression" || chosen?.has_probabilities === true;
  return (
    <Stack gap="md">
      <CohortBanner />
      <Risk />
      {here.facts.can_call_model && <Noise />}
      {hasSets && <Sets />}
      {task.kind !== "multilabel" && <SanityTests />}
    </Stack>
  );
}

function NoModel() {
  const { ref } = useData();
  return (
    <Panel title="A model has to speak first">
      <Text size="sm" maw={720}>
        Doubt is a model's: choose one above whose predictions of {ref} are known. Then this tab
        shows whether it errs where it is unsure, which sets of answers hold the right one, and
        whether it does what any model should.
      </Text>
    </Panel>
  );
}
