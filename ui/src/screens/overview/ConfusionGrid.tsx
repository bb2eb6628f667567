/** A confusion with its numbers; arrow keys move between the cells. */
import { Link } from "@tanstack/react-router";
import { type CSSProperties, type KeyboardEvent, useState } from "react";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/overview/Confusion.module.css";
import type { Cell, Matrix } from "@/screens/overview/confusion";
import { allOf } from "@/shared/cohortText";
import { count, counted, percent } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";
import { isPair } from "@/shared/values";

interface ConfusionGridProps {
  matrix: Matrix;
  unit: "share" | "rows";
}

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const UPRIGHT = 4; // names that stand side by side

export function ConfusionGrid({ matrix, unit }: ConfusionGridProps) {
  const { place } = useHere();
  const { search } = useSearch();
  const [[row, column], setHere] = useState([0, 0]);
  const names = matrix.classes.map(String);
  const size = names.length;

  function move(event: KeyboardEvent<HTMLTableElement>) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = [(row + step[0] + size) % size, (column + step[1] + size) % size] as const;
    setHere([...next]);
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next.join(" ")}"]`)?.focus();
  }

  const cell = ({ n, share }: Cell, i: number, j: number) => (
    <td
      key={names[j]}
      data-right={i === j}
      style={{ "--share": share ?? 0 } as CSSProperties}
      title={`${names[i]} said to be ${names[j]}: ${counted(n, "row")}, ${percent(share)} of ${names[i]}`}
    >
      <Link
        to="/e/$model/$dataset/explore"
        params={place}
        search={{ where: inside(one(search, "where"), matrix, i, j) } as never}
        className={classes.cell}
        data-cell={`${i} ${j}`}
        data-none={n === 0 || undefined}
        tabIndex={i === row && j === column ? 0 : -1}
        onFocus={() => setHere([i, j])}
        aria-label={`${names[i]} said to be ${names[j]}: ${counted(n, "row")}, ${percent(share)}`}
      >
        {unit === "share" ? percent(share) : count(n)}
      </Link>
    </td>
  );

  return (
    <Scroll label="Table of confusions">
      <table className={classes.grid} data-tall={size > UPRIGHT || undefined} onKeyDown={move}>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              label ↓ prediction →
            </th>
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.cells.map((line, i) => (
            <tr key={names[i]}>
              <th scope="row" title={names[i]}>
                {names[i]}
              </th>
              {line.map((item, j) => cell(item, i, j))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function inside(where: string | undefined, { classes: of }: Matrix, i: number, j: number): string {
  return allOf(where, isPair(of[i] ?? null, of[j] ?? null));
}
