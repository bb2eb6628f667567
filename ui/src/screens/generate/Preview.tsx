/** Ten rows before and after, live; and over many rows how many predictions change. */
import { Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { PerturbedPreview } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { ChangedRows } from "@/screens/generate/ChangedRows";
import { Counted } from "@/screens/generate/Counted";
import type { Change } from "@/screens/generate/change";
import { AddModel } from "@/shared/AddModel";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

const FEW = 10;

export function Preview({ change }: { change: Change }) {
  const { place, facts } = useHere();
  const { search } = useSearch();
  const work = useWork<PerturbedPreview>(
    place,
    "perturb",
    {},
    { body: { ...change, limit: FEW, shown: FEW }, keepsBefore: true },
  );
  const found = work.isError ? undefined : work.data?.result;
  const isCounted = one(search, "count") !== undefined;
  return (
    <>
      {facts.can_call_model && <Counted change={change} />}
      {!isCounted && (
        <Panel title={`${FEW} rows, before and after`} says={found?.sentence}>
          {work.isPending && <Loading label="Changing rows" lines={6} />}
          {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
          {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
          {found && <Shown found={found} isOld={work.isPlaceholderData} />}
        </Panel>
      )}
      {!facts.can_call_model && (
        <Panel title="What would the model say?">
          <AddModel />
        </Panel>
      )}
    </>
  );
}

export function Shown({ found, isOld }: { found: PerturbedPreview; isOld: boolean }) {
  return (
    <div className={isOld ? "mp-stale" : undefined} aria-busy={isOld}>
      {found.note && (
        <Text size="sm" mb="xs">
          {found.note}
        </Text>
      )}
      <ChangedRows found={found} />
    </div>
  );
}
