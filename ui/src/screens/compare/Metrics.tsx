/** The metrics of all rows, the one that decides first. */
import { useState } from "react";
import type { Comparison, ModelPair } from "@/api/types";
import { Changes } from "@/screens/compare/Changes";
import { metricName } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 4;

export function Metrics({ found, pair }: { found: Comparison; pair: ModelPair }) {
  const [isWhole, setWhole] = useState(false);
  const { metrics } = pair;
  return (
    <Panel
      title="Metrics"
      says={
        <>
          The verdict is by {metricName(found.metric)}. Differences are paired: rows that both have
          right, or both wrong, do not blur them.
        </>
      }
    >
      <Changes
        pair={pair}
        rows={isWhole ? metrics : metrics.slice(0, SHOWN)}
        title="Metric"
        nameOf={(row) => metricName(row.metric)}
        label="Table of metrics"
      />
      <MoreButton
        n={metrics.length}
        shown={SHOWN}
        things="metrics"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}
