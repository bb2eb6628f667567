/** One slice: its sentence, its rate beside the rest's, its share of rows and of errors. */
import type { ReactNode } from "react";
import type { SliceRow } from "@/api/types";
import classes from "@/screens/slices/Slices.module.css";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, percent } from "@/shared/format";
import { RateBar } from "@/shared/RateBar";

function small(p: number | null): string {
  return p !== null && p < 0.0001 ? "< 0.0001" : `= ${number(p)}`;
}

type Shown = Omit<SliceRow, "also"> & { also?: string };

interface SliceLineProps {
  row: Shown;
  most: number;
  isLoss: boolean;
  actions?: ReactNode;
}

export function SliceLine({ row, most, isLoss, actions }: SliceLineProps) {
  const show = isLoss ? number : percent;
  const { rest } = row;
  const range =
    rest === null || row.low === null || row.high === null
      ? {}
      : { low: rest + row.low, high: rest + row.high };
  return (
    <li className={classes.line}>
      <div className={classes.chart}>
        <div className={classes.rates}>
          <b className="mp-wrong">{show(row.value)}</b>
          <span className="mp-soft">{show(rest)} elsewhere</span>
        </div>
        <RateBar value={row.value} rest={rest} most={most * 1.15} {...range} />
      </div>
      <div className={classes.words}>
        <ExploreLink where={row.where} className={classes.sentence}>
          {row.sentence}
        </ExploreLink>
        <div className={classes.facts}>
          <span>
            {count(row.confirmed_n)} unseen rows confirm it (p {small(row.p_adjusted)})
          </span>
          {row.also && <span>Also common there: {row.also}</span>}
        </div>
        {actions}
      </div>
    </li>
  );
}
