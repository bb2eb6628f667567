/** How far each feature, or token, moved what the model said of the row. */
import { Text } from "@mantine/core";
import type { Attribution, ExplanationFacts, LocalExplanation } from "@/api/types";
import classes from "@/screens/row/why/Attributions.module.css";
import { Tokens } from "@/screens/row/why/Tokens";
import { type Amount, DirectionLegend, DivergingBars } from "@/shared/DivergingBars";
import { cell, count, number, seconds } from "@/shared/format";

interface AttributionsProps {
  found: LocalExplanation;
  /** Look at what the values of a feature do. */
  look?: (feature: string) => void;
}

export function Attributions({ found, look }: AttributionsProps) {
  const { about, rows, text } = found;
  const isText = text !== "";
  const bars = isText ? strongest(rows) : rows;
  return (
    <div>
      <p className={classes.story}>
        <b>{number(found.base)}</b> is the {about.output} when nothing is known of the row,{" "}
        <b>{number(found.output)}</b> for this row. {isText ? "Tokens" : "Features"} make the
        difference:
      </p>
      <DirectionLegend up="moves it up" down="moves it down" />
      {isText && <Tokens text={text} tokens={rows} />}
      <DivergingBars
        rows={bars.map((row) => amountOf(row, isText))}
        things={isText ? "tokens" : "features"}
        {...(!isText && look
          ? { choose: look, chosenSays: (name: string) => `What the values of ${name} do` }
          : {})}
      />
      <HowFound about={about} />
    </div>
  );
}

function strongest(rows: readonly Attribution[]): Attribution[] {
  return [...rows].sort((a, b) => Math.abs(b.attribution ?? 0) - Math.abs(a.attribution ?? 0));
}

function amountOf(row: Attribution, isText: boolean): Amount {
  const { feature, value, attribution, low, high } = row;
  return {
    name: feature,
    ...(isText ? {} : { says: cell(value) }),
    amount: attribution ?? 0,
    low,
    high,
  };
}

/** By which method, how exact, and what it cost. */
export function HowFound({ about }: { about: ExplanationFacts }) {
  const { method, why, is_exact, sampling_error, additivity_error, facts } = about;
  const against = facts.against;
  return (
    <div className={classes.how}>
      <Text size="xs" className="mp-soft mp-sentence">
        Method <b>{method}</b>: {why}.{" "}
        {typeof against === "string" && `What is unknown is taken from ${against}. `}
        {is_exact
          ? `Exact: the sum is off by ${number(additivity_error)}.`
          : `Sampled: 95 % intervals of ±${number(sampling_error)} on average.`}{" "}
        The model was asked for {count(about.model_rows)} rows in {seconds(about.model_seconds)}.
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
