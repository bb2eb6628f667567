/** The confusion of two or three classes: what each cell is of its label, and of all errors. */
import type { CSSProperties } from "react";
import type { ErrorClassRow } from "@/api/types";
import classes from "@/screens/overview/Confusion.module.css";
import type { Matrix } from "@/screens/overview/confusion";
import { ExploreLink } from "@/shared/ExploreLink";
import { counted, percent } from "@/shared/format";
import { isPair } from "@/shared/values";

interface FewClassesProps {
  matrix: Matrix;
  errors: readonly ErrorClassRow[];
}

export function FewClasses({ matrix, errors }: FewClassesProps) {
  const names = matrix.classes.map(String);
  const wheres = matrix.classes.map((label) =>
    matrix.classes.map((prediction) => isPair(label, prediction)),
  );
  return (
    <table className={classes.grid} data-few>
      <thead>
        <tr>
          <th scope="col" className={classes.corner}>
            label ↓ prediction →
          </th>
          {names.map((name) => (
            <th key={name} scope="col" title={name}>
              {name}
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
            {line.map(({ n, share }, j) => {
              const where = wheres[i]?.[j] ?? "";
              const error = errors.find((row) => row.where === where);
              return (
                <td
                  key={names[j]}
                  data-right={i === j}
                  style={{ "--share": share ?? 0 } as CSSProperties}
                >
                  <ExploreLink
                    where={where}
                    className={classes.cell}
                    label={`${names[i]} said to be ${names[j]}: ${counted(n, "row")}, ${percent(share)}`}
                  >
                    <span className={classes.main}>{percent(share)}</span>
                    <span className={classes.more}>
                      {counted(n, "row")}
                      {error && <>, {percent(error.share_of_errors, 0)} of all errors</>}
                    </span>
                  </ExploreLink>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
