/** How often the models agree, and what they would reach together at most. */
import { Text } from "@mantine/core";
import type { Agreement, Comparison, ModelPair } from "@/api/types";
import { Intervals } from "@/screens/data/Intervals";
import { counted, metricShow, percent, short } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const NAMES: Record<string, string> = {
  best: "best alone",
  average: "averaged",
  vote: "by vote",
  oracle: "at best",
};

export function Together({ found, pair }: { found: Comparison; pair: ModelPair }) {
  const { ensemble } = found;
  if (ensemble.length === 0) return null;
  const isShare = pair.groups.some(({ name }) => name === "fixed");
  const show = isShare ? percent : metricShow("loss");
  return (
    <Panel title="Together" says="Whether the models know different things.">
      <Text size="sm" mb="sm">
        {agreed(pair.agreement, pair)}
      </Text>
      <Intervals
        show={show}
        lines={ensemble.map(({ name, value, low, high }) => ({
          name: NAMES[name] ?? name,
          value,
          low,
          high,
          tone: name === "oracle" ? ("strong" as const) : ("plain" as const),
        }))}
      />
      <ul className="mp-plain mp-soft mp-note">
        {ensemble.map(({ name, sentence, n }) => (
          <li key={name}>
            <b>{NAMES[name] ?? name}</b>: {sentence} ({counted(n, "row")})
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function agreed(of: Agreement, { model, against }: ModelPair): string {
  if (of.share !== null) {
    const kappa =
      of.kappa === null
        ? ""
        : ` Beyond chance: kappa ${short(of.kappa)} (${short(of.kappa_low)} – ${short(of.kappa_high)}).`;
    return `${model} and ${against} say the same of ${percent(of.share)} (${percent(of.low)} – ${percent(of.high)}) of ${counted(of.n, "row")}, right or wrong.${kappa}`;
  }
  if (of.correlation === null) return "How often they agree is not known.";
  return `The predictions of ${model} and ${against} correlate by ${short(of.correlation)} over ${counted(of.n, "row")}.`;
}
