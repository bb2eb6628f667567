/** How far each feature, or token, moved what the model said of the row. */
import type { Attribution, LocalExplanation } from "@/api/types";
import classes from "@/screens/row/why/Attributions.module.css";
import { Tokens } from "@/screens/row/why/Tokens";
import { type Amount, DirectionLegend, DivergingBars } from "@/shared/DivergingBars";
import { amount, cell } from "@/shared/format";
import { HowFound } from "@/shared/HowFound";

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
        The {about.output} is <b>{amount(found.base)}</b> when nothing is known of the row, and{" "}
        <b>{amount(found.output)}</b> for it. {isText ? "Its tokens" : "Its values"} make the
        difference{look && !isText ? "; click one to see what its values do" : ""}.
      </p>
      <DirectionLegend up={`raises the ${about.output}`} down="lowers it" />
      {isText && <Tokens text={text} tokens={rows} />}
      <DivergingBars
        rows={bars.map((row) => amountOf(row, isText))}
        things={isText ? "tokens" : "features"}
        {...(!isText && look
          ? { choose: look, chosenSays: (name: string) => `What the values of ${name} do` }
          : {})}
      />
      <div className={classes.how}>
        <HowFound about={about} />
      </div>
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
