/** The attributions of the row: asked for when they are looked at. */
import { useWork } from "@/api/queries";
import type { Example, LocalExplanation } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Attributions } from "@/screens/row/why/Attributions";
import { JobProgress } from "@/shared/JobProgress";

export function Attributed({ example }: { example: Example }) {
  const { place } = useHere();
  const { set } = useSearch();
  const work = useWork<LocalExplanation>(place, `rows/${example.number}/explanation`);
  const found = work.data?.result;
  if (found) {
    return <Attributions found={found} look={(feature) => set({ why: "effects", feature })} />;
  }
  if (work.isError) return <Failure error={work.error} retry={() => void work.refetch()} />;
  if (work.data?.job) return <JobProgress job={work.data.job} retry={work.restart} />;
  return <Loading label="Asking the model why" lines={8} />;
}
