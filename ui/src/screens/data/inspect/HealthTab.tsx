/** What is wrong with the data, what costs most first; each column at a glance. */
import { Stack } from "@mantine/core";
import { useDatasetWork } from "@/api/queries";
import type { Health } from "@/api/types";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { useData } from "@/screens/data/dataHere";
import { Columns } from "@/screens/data/inspect/Columns";
import { Findings } from "@/screens/data/inspect/Findings";
import { HealthSaid } from "@/screens/data/inspect/HealthSaid";
import { useAgainst } from "@/screens/data/inspect/useAgainst";
import { Waiting } from "@/screens/data/inspect/Waiting";

export function HealthTab() {
  const { ref } = useData();
  const here = useMaybeHere();
  const against = useAgainst();
  const params = { reference: against.chosen, evaluation: here?.facts.ref };
  const work = useDatasetWork<Health>(ref, "health", params);
  const found = work.data?.result;
  return (
    <Stack gap="md">
      <HealthSaid found={found} against={against} />
      {found ? (
        <>
          <Findings found={found} />
          <Columns found={found} />
        </>
      ) : (
        <Waiting title="Looking the data over" work={work} />
      )}
    </Stack>
  );
}
