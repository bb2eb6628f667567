/** Amounts right and left of nought on one axis: names with values, bars, intervals, figures. */
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import classes from "@/shared/DivergingBars.module.css";
import { amountsUpTo, signed } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";

export interface Amount {
  name: string;
  says?: string; // beside the name
  amount: number;
  low?: number | null;
  high?: number | null;
}

interface DivergingBarsProps {
  rows: readonly Amount[];
  shown?: number;
  things: string;
  /** What a click on a name does, and how that is said. */
  choose?: (name: string) => void;
  chosenSays?: (name: string) => string;
}

export function DivergingBars({ rows, shown = 10, things, ...click }: DivergingBarsProps) {
  const [isWhole, setWhole] = useState(false);
  const place = scale(rows);
  const figure = amountsUpTo(Math.max(0, ...rows.map((row) => Math.abs(row.amount))));
  return (
    <>
      <ul className={classes.list}>
        {(isWhole ? rows : rows.slice(0, shown)).map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same word may come twice
          <li key={`${row.name} ${at}`} className={classes.row}>
            <Name row={row} {...click} />
            <Bar row={row} place={place} />
            <span className={classes.amount} data-sign={signOf(row.amount)}>
              {signed(row.amount, figure)}
            </span>
          </li>
        ))}
      </ul>
      <MoreButton
        n={rows.length}
        shown={shown}
        things={things}
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </>
  );
}

type NameProps = Pick<DivergingBarsProps, "choose" | "chosenSays"> & { row: Amount };

function Name({ row: { name, says }, choose, chosenSays }: NameProps) {
  const words = (
    <>
      <span className={classes.feature}>{name}</span>
      {says !== undefined && <span className={classes.value}>{says}</span>}
    </>
  );
  const title = says === undefined ? name : `${name}: ${says}`;
  if (!choose) {
    return (
      <span className={classes.name} title={title}>
        {words}
      </span>
    );
  }
  return (
    <UnstyledButton
      className={classes.name}
      fz={13}
      data-click
      title={chosenSays?.(name) ?? title}
      onClick={() => choose(name)}
    >
      {words}
    </UnstyledButton>
  );
}

function Bar({ row: { amount, low, high }, place }: { row: Amount; place: Place }) {
  const isRange = low !== null && low !== undefined && high !== null && high !== undefined;
  const [left, right] = [place(Math.min(0, amount)), place(Math.max(0, amount))];
  return (
    <span className={classes.axis} aria-hidden>
      <i
        className={classes.bar}
        data-sign={signOf(amount)}
        style={{ left: `${left}%`, width: `${right - left}%` }}
      />
      {isRange && high > low && (
        <i
          className={classes.range}
          style={{ left: `${place(low)}%`, width: `${place(high) - place(low)}%` }}
        />
      )}
      <i className={classes.zero} style={{ left: `${place(0)}%` }} />
    </span>
  );
}

function signOf(amount: number): "up" | "down" | undefined {
  return amount > 0 ? "up" : amount < 0 ? "down" : undefined;
}

type Place = (amount: number) => number;

/** Percents of the axis, which holds all bars and their intervals. */
function scale(rows: readonly Amount[]): Place {
  const ends = rows.flatMap(({ amount, low, high }) => [amount, low ?? amount, high ?? amount]);
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return (amount) => (100 * (amount - least)) / (most - least || 1);
}

/** What the two colours mean. */
export function DirectionLegend({ up, down }: { up: string; down: string }) {
  return (
    <p className={classes.legend}>
      <span>
        <i className={classes.key} data-sign="up" aria-hidden /> {up}
      </span>
      <span>
        <i className={classes.key} data-sign="down" aria-hidden /> {down}
      </span>
    </p>
  );
}
