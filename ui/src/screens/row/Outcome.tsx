/** What the model said and what is so. */
import { IconCheck, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Example } from "@/api/types";
import classes from "@/screens/row/Outcome.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { quoted } from "@/shared/cohortText";
import { cell, counted, number, percent } from "@/shared/format";

export function Outcome({ example }: { example: Example }) {
  const { label, prediction, correct, confidence, loss, loss_percentile, error_class } = example;
  return (
    <section className={`mp-panel ${classes.outcome}`} aria-label="What the model said">
      <Fact name="Prediction" isWrong={correct === false}>
        {correct === false && <IconX size={20} stroke={2.5} aria-label="wrong:" />}
        {correct === true && (
          <IconCheck size={20} stroke={2.5} className="mp-right" aria-label="right:" />
        )}
        {cell(prediction)}
      </Fact>
      {label !== null && <Fact name="Label">{cell(label)}</Fact>}
      {confidence !== null && <Fact name="Confidence">{percent(confidence)}</Fact>}
      {loss !== null && (
        <Fact name="Loss" says={loss_percentile === null ? undefined : higher(loss_percentile)}>
          {number(loss)}
        </Fact>
      )}
      {error_class !== null && (
        <Fact name="Error class" says={`${counted(example.error_class_n, "row")}`}>
          <CohortLink where={`error_class = ${quoted(error_class)}`} className={classes.link}>
            {error_class}
          </CohortLink>
        </Fact>
      )}
    </section>
  );
}

interface FactProps {
  name: string;
  isWrong?: boolean;
  says?: string | undefined;
  children: ReactNode;
}

function Fact({ name, isWrong = false, says, children }: FactProps) {
  return (
    <div className={classes.fact}>
      <div className={classes.name}>{name}</div>
      <div className={`${classes.value} ${isWrong ? "mp-wrong" : ""}`}>{children}</div>
      {says && <div className={classes.says}>{says}</div>}
    </div>
  );
}

/** Shares that would be rounded to the whole are not. */
function higher(share: number): string {
  return share >= 0.995 ? "among the highest of all" : `more than ${percent(share)} of rows`;
}
