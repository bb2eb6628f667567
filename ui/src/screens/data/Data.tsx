/** The data under an evaluation: the tabs of its dataset, with the evaluation's predictions. */
import { useDataset } from "@/api/queries";
import type { DatasetFacts } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import classes from "@/screens/data/Data.module.css";
import { DataTabs } from "@/screens/data/DataTabs";

export function Data() {
  const { place } = useHere();
  return <OfDataset dataset={place.dataset} />;
}

/** The tabs once the dataset is known. */
export function OfDataset({ dataset }: { dataset: string }) {
  const facts = useDataset<DatasetFacts>(dataset);
  if (facts.data) return <DataTabs facts={facts.data} />;
  return (
    <div className={classes.page}>
      {facts.isPending && <Loading label="Opening the dataset" />}
      {facts.isError && <Failure error={facts.error} retry={() => void facts.refetch()} />}
    </div>
  );
}
