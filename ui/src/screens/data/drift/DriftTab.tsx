/** How two sets of rows differ: which, column by column, what carries it, what it costs. */
import { Stack } from "@mantine/core";
import { useWorkAt } from "@/api/queries";
import type { Drift } from "@/api/types";
import { Failure, Loading } from "@/app/states";
import { Cohorts } from "@/screens/data/drift/Cohorts";
import { Columns } from "@/screens/data/drift/Columns";
import { Estimated } from "@/screens/data/drift/Estimated";
import { PartsTable } from "@/screens/data/drift/PartsTable";
import { Performance } from "@/screens/data/drift/Performance";
import { Sides } from "@/screens/data/drift/Sides";
import { useSides } from "@/screens/data/drift/useSides";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

export function DriftTab() {
  const sides = useSides();
  const { params } = sides;
  const enabled = params !== undefined;
  const work = useWorkAt<Drift>("drift", ["drift", params], params, { enabled });
  const found = enabled ? work.data?.result : undefined;
  return (
    <Stack gap="md">
      <Sides sides={sides} found={found} />
      {enabled && !found && (
        <Panel title="Comparing">
          {work.isPending && <Loading label="Comparing the two sides" />}
          {work.isError && <Failure error={work.error} retry={work.restart} />}
          {work.data?.job && !work.isError && (
            <JobProgress job={work.data.job} retry={work.restart} />
          )}
        </Panel>
      )}
      {found && (
        <>
          <Performance found={found} />
          <Columns found={found} />
          <Cohorts found={found} />
          <PartsTable found={found} />
          <Estimated sides={sides} />
        </>
      )}
    </Stack>
  );
}
