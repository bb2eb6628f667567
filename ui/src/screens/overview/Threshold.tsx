/** What a threshold on the positive class would cost, live; the choice is recorded with a reason. */
import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEvaluation } from "@/api/queries";
import type { Decision, ThresholdTable } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Costs } from "@/screens/overview/Costs";
import { RecordThreshold } from "@/screens/overview/RecordThreshold";
import { ThresholdLive } from "@/screens/overview/ThresholdLive";
import { chosenThreshold } from "@/screens/overview/threshold";
import { number, when } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const SETTLED_MS = 200;

export function Threshold({ decision }: { decision: Decision | null }) {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const params = {
    where: one(search, "where"),
    cost_fp: one(search, "cost_fp"),
    cost_fn: one(search, "cost_fn"),
    review_low: one(search, "review_low"),
    review_high: one(search, "review_high"),
    cost_review: one(search, "cost_review"),
  };
  const [asked] = useDebouncedValue(params, SETTLED_MS);
  const table = useEvaluation<ThresholdTable>(place, "thresholds", asked);
  const chosen = chosenThreshold(search);
  return (
    <Panel
      name="threshold"
      title="Threshold"
      says={`From which probability of “${facts.task.positive}” on the model should say so.`}
      actions={<RecordThreshold threshold={chosen} />}
    >
      {decision && <Recorded decision={decision} />}
      <Costs />
      {table.isError && <Failure error={table.error} retry={() => void table.refetch()} />}
      {table.isPending && <Loading label="Computing thresholds" />}
      {table.data && !table.isError && (
        <ThresholdLive
          table={table.data}
          chosen={chosen}
          choose={(value) => set({ threshold: String(value) }, { replace: true })}
        />
      )}
    </Panel>
  );
}

function Recorded({ decision }: { decision: Decision }) {
  const { threshold, who, decided_at, reason } = decision;
  return (
    <Text size="sm" mb="sm" style={{ overflowWrap: "anywhere" }}>
      On record: <b>{number(threshold)}</b>, signed off by {who} on {when(decided_at)}.{" "}
      <span className="mp-soft">{reason}</span>
    </Text>
  );
}
