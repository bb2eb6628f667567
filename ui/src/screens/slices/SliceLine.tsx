/** One slice: its sentence, its rate beside the rest's, and what else one knows of it. */
import type { ReactNode } from "react";
import type { SliceRow } from "@/api/types";
import classes from "@/screens/slices/Slices.module.css";
import { ExploreLink } from "@/shared/ExploreLink";
import { number, percent } from "@/shared/format";
import { RateBar } from "@/shared/RateBar";

type Shown = Pick<
  SliceRow,
  "where" | "sentence" | "value" | "rest" | "low" | "high" | "difference"
> & { also?: string };

interface SliceLineProps {
  row: Shown;
  most: number;
  isLoss: boolean;
  facts?: ReactNode;
  actions?: ReactNode;
}

export function SliceLine({ row, most, isLoss, facts, actions }: SliceLineProps) {
  const show = isLoss ? number : percent;
  const { rest, low, high } = row;
  const range =
    rest === null || low === null || high === null ? {} : { low: rest + low, high: rest + high };
  return (
    <li className={classes.line}>
      <div>
        <div className={classes.rates}>
          <b className="mp-wrong">{show(row.value)}</b>
          <span className="mp-soft">{show(rest)} elsewhere</span>
        </div>
        <RateBar value={row.value} rest={rest} most={most} {...range} />
      </div>
      <div className={classes.words}>
        <ExploreLink where={row.where} className={classes.sentence}>
          {row.sentence}
        </ExploreLink>
        <div className={classes.facts}>
          {facts}
          {row.also && <span>More often than elsewhere: {row.also}</span>}
        </div>
        {actions}
      </div>
    </li>
  );
}

/** The end of the axis that all slices share. */
export function axisOf(rows: readonly Pick<SliceRow, "value" | "rest" | "high">[]): number {
  return Math.max(0, ...rows.flatMap(({ value, rest, high }) => [value ?? 0, ends(rest, high)]));
}

function ends(rest: number | null, high: number | null): number {
  return rest === null || high === null ? 0 : rest + high;
}
