/** One model against another: metrics, cohorts, rows; links lead to the later one's rows. */
import { Stack } from "@mantine/core";
import { useFacts } from "@/api/queries";
import type { Comparison, ModelPair } from "@/api/types";
import { HereProvider, useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { Cohorts } from "@/screens/compare/Cohorts";
import classes from "@/screens/compare/Compare.module.css";
import { Confusion } from "@/screens/compare/Confusion";
import { Losses } from "@/screens/compare/Losses";
import { Metrics } from "@/screens/compare/Metrics";
import { Rows } from "@/screens/compare/Rows";
import { Slices } from "@/screens/compare/Slices";
import { Together } from "@/screens/compare/Together";

interface PairProps {
  found: Comparison;
  pair: ModelPair;
}

export function Pair({ found, pair }: PairProps) {
  const here = useHere();
  if (pair.evaluation === here.facts.ref) return <Parts found={found} pair={pair} />;
  return <Elsewhere found={found} pair={pair} />;
}

/** What is said of another evaluation's rows leads there. */
function Elsewhere({ found, pair }: PairProps) {
  const [model = "", dataset = ""] = pair.evaluation.split("/");
  const place = { model, dataset };
  const facts = useFacts(place);
  if (facts.isPending) return <Loading label="Opening the evaluation" />;
  if (!facts.data) return <Failure error={facts.error} retry={() => void facts.refetch()} />;
  return (
    <HereProvider value={{ place, facts: facts.data }}>
      <Parts found={found} pair={pair} />
    </HereProvider>
  );
}

function Parts({ found, pair }: PairProps) {
  return (
    <Stack gap="md">
      <Metrics found={found} pair={pair} />
      <Slices pair={pair} />
      <Cohorts pair={pair} by={found.by} />
      <Rows pair={pair} />
      <div className={classes.two}>
        <Stack gap="md">
          <Confusion pair={pair} />
          <Together found={found} pair={pair} />
        </Stack>
        <Losses pair={pair} />
      </div>
    </Stack>
  );
}
