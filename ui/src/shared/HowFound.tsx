/** By which method attributions were found, how exact they are, and what it cost. */
import { Text } from "@mantine/core";
import type { ExplanationFacts } from "@/api/types";
import { count, counted, number, seconds } from "@/shared/format";

export function HowFound({ about }: { about: ExplanationFacts }) {
  const { method, why, is_exact, sampling_error, additivity_error, facts } = about;
  const against = facts.against;
  return (
    <div>
      <Text size="xs" className="mp-soft mp-sentence">
        Method <b>{method}</b>: {why}.{" "}
        {typeof against === "string" && `What is unknown is taken from ${against}. `}
        {is_exact
          ? `The sums are off by ${number(additivity_error)} at most.`
          : `Sampled: 95 % intervals of ±${number(sampling_error)} on average.`}{" "}
        The model was asked for {counted(about.model_rows, "row")} in {seconds(about.model_seconds)}
        .
      </Text>
      {about.failed > 0 && (
        <Text size="xs" className="mp-wrong mp-sentence">
          The model failed on {count(about.failed)} of them: {about.failure}
        </Text>
      )}
      {about.is_budget_spent && (
        <Text size="xs" className="mp-soft">
          The time ended before the work: intervals are wider, or rows were left out.
        </Text>
      )}
    </div>
  );
}
