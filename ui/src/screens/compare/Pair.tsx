/** One model against another: metrics, cohorts, rows; links lead to the later one's rows. */
import { Stack } from "@mantine/core";
import { useFacts } from "@/api/queries";
import type { Comparison, ModelPair } from "@/api/types";
import { HereProvider, useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { Changes } from "@/screens/compare/Changes";
import { Cohorts } from "@/screens/compare/Cohorts";
import { Confusion } from "@/screens/compare/Confusion";
import { Losses } from "@/screens/compare/Losses";
import { Rows } from "@/screens/compare/Rows";
import { Slices } from "@/screens/compare/Slices";
import { metricName } from "@/shared/format";
import { Panel } from "@/shared/Panel";

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
      <Panel
        title="Metrics"
        says={`${metricName(found.metric)} decides. Differences are paired: rows that both have right, or both wrong, do not blur them.`}
      >
        <Changes
          pair={pair}
          rows={pair.metrics}
          title="Metric"
          nameOf={(row) => metricName(row.metric)}
          label="Table of metrics"
        />
      </Panel>
      <Slices pair={pair} />
      <Cohorts pair={pair} by={found.by} />
      <Rows pair={pair} />
      <Confusion pair={pair} />
      <Losses pair={pair} />
    </Stack>
  );
}
