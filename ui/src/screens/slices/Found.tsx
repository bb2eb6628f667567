/** The slices of a search with its options; how it was searched is said with it. */
import { Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { ScoredSlices, SlicesFound } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Confirmed } from "@/screens/slices/Confirmed";
import { slicesParams } from "@/screens/slices/options";
import { Scored } from "@/screens/slices/Scored";
import { SlicesOptions } from "@/screens/slices/SlicesOptions";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

type Any = SlicesFound | ScoredSlices;

export function Found() {
  const { place } = useHere();
  const { search } = useSearch();
  const work = useWork<Any>(place, "slices", slicesParams(search));
  const found = work.data?.result;
  return (
    <>
      <SlicesOptions />
      <Panel title={found ? headline(found) : "Searching"} says={found && saysOf(found)}>
        {work.isError && !found && <Failure error={work.error} retry={() => void work.refetch()} />}
        {work.isPending && <Loading label="Searching for slices" />}
        {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
        {found?.rows.length === 0 && (
          <Text size="sm" maw={760}>
            That is an answer: with these rows, no condition can be said to be worse than the rest.
            Allow more conditions or smaller groups, look at the error tree for a hint, or tag what
            you know yourself in Explore.
          </Text>
        )}
        {found && (isScored(found) ? <Scored found={found} /> : <Confirmed found={found} />)}
      </Panel>
    </>
  );
}

function isScored(found: Any): found is ScoredSlices {
  const first = found.rows[0];
  return first !== undefined && "score" in first;
}

function headline(found: Any): string {
  const n = found.rows.length;
  if (isScored(found)) return `${n} candidates: the highest scores`;
  if (n === 0) return "No slice is significantly worse";
  return `${n} slice${n === 1 ? " is" : "s are"} significantly worse than the rest`;
}

function saysOf(found: Any): string {
  const isCut = !found.exhausted && !found.note.includes("exhausted");
  return isCut ? `${found.note} Not all slices were compared in the time given.` : found.note;
}
