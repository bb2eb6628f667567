/** How much each feature, or token, matters: here, and in the rest where there is one. */
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Explanation, Importance } from "@/api/types";
import classes from "@/screens/overview/why/Importances.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { nameText, quoted } from "@/shared/cohortText";
import { amountsUpTo, count, counted, percent, probability, signed } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";

interface ImportancesProps {
  found: Explanation;
  shown: number;
  chosen?: string | undefined;
  choose?: (feature: string | undefined) => void;
}

export function Importances({ found, shown, chosen, choose }: ImportancesProps) {
  const [isWhole, setWhole] = useState(false);
  const { rows, about } = found;
  const hasRest = rows.some(({ rest }) => rest !== null);
  const text = tokensOf(found);
  const most = Math.max(
    0,
    ...rows.flatMap((row) => [row.importance ?? 0, row.high ?? 0, row.rest ?? 0]),
  );
  const show = amountsUpTo(most);
  return (
    <>
      <p className={classes.legend}>
        <span>
          <i data-mark="bar" aria-hidden /> mean push of the {about.output}
          {hasRest && " here"}
        </span>
        <span>
          <i data-mark="range" aria-hidden /> 95 % interval
        </span>
        {hasRest && (
          <span>
            <i data-mark="rest" aria-hidden /> in the rest
          </span>
        )}
      </p>
      <ul className={classes.list}>
        {(isWhole ? rows : rows.slice(0, shown)).map((row) => (
          <li
            key={row.feature}
            className={classes.row}
            data-chosen={row.feature === chosen || undefined}
          >
            <Name row={row} column={text} chosen={chosen} choose={choose} />
            <Bar row={row} most={most} />
            <span className={classes.amount} title={shareText(row, show)}>
              {show(row.importance)}
            </span>
            {hasRest && <Difference row={row} show={show} />}
          </li>
        ))}
      </ul>
      <MoreButton
        n={rows.length}
        shown={shown}
        things={text === undefined ? "features" : "tokens"}
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </>
  );
}

/** The column whose tokens were explained, if any. */
export function tokensOf({ about }: Explanation): string | undefined {
  const { column } = about.facts;
  return typeof column === "string" ? column : undefined;
}

interface NameProps extends Omit<ImportancesProps, "found" | "shown"> {
  row: Importance;
  column: string | undefined;
}

function Name({ row: { feature, n }, column, chosen, choose }: NameProps) {
  if (column !== undefined) {
    return (
      <CohortLink
        className={classes.name}
        where={`has(${nameText(column)}, ${quoted(feature)})`}
        title={`${count(n)} explained rows have “${feature}”`}
      >
        {feature}
      </CohortLink>
    );
  }
  if (!choose) {
    return (
      <span className={classes.name} title={feature}>
        {feature}
      </span>
    );
  }
  const isOpen = feature === chosen;
  return (
    <UnstyledButton
      className={classes.name}
      fz={13}
      data-click
      aria-expanded={isOpen}
      title={`What the values of ${feature} do`}
      onClick={() => choose(isOpen ? undefined : feature)}
    >
      {feature}
    </UnstyledButton>
  );
}

function Bar({ row, most }: { row: Importance; most: number }) {
  const { importance, low, high, rest } = row;
  const place = (x: number) => `${(100 * x) / (most || 1)}%`;
  return (
    <span className={classes.axis} aria-hidden>
      <i data-mark="bar" style={{ width: place(importance ?? 0) }} />
      {low !== null && high !== null && (
        <i
          data-mark="range"
          style={{ left: place(low), width: `calc(${place(high)} - ${place(low)})` }}
        />
      )}
      {rest !== null && <i data-mark="rest" style={{ left: place(rest) }} />}
    </span>
  );
}

type Show = (value: number | null | undefined) => string;

function Difference({ row, show }: { row: Importance; show: Show }) {
  const { difference, difference_low, difference_high, p_adjusted } = row;
  if (difference === null) return <span className={classes.difference} />;
  const says = `${signed(difference_low, show)} to ${signed(difference_high, show)}, p ${probability(p_adjusted)} corrected`;
  return (
    <span className={classes.difference} title={`Difference to the rest: ${says}`}>
      {signed(difference, show)}
    </span>
  );
}

function shareText({ share, low, high, n }: Importance, show: Show): string {
  return `${show(low)} to ${show(high)}; ${percent(share)} of all; ${counted(n, "row")}`;
}
