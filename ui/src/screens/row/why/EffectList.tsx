/** The effect of each category: the mean with its interval, this row, and how many have it. */
import type { Effects } from "@/api/types";
import { isSame } from "@/screens/row/why/changes";
import classes from "@/screens/row/why/EffectList.module.css";
import { cell, counted, number, percent } from "@/shared/format";

interface EffectListProps {
  found: Effects;
  own: Effects | undefined;
  value: unknown;
}

export function EffectList({ found, own, value }: EffectListProps) {
  const { rows, measure, baseline, kind } = found;
  const curve = new Map(
    own?.rows.map((row, at) => [cell(row.value), own.curves[0]?.effects[at] ?? null]),
  );
  const middle = kind === "ale" ? 0 : baseline;
  const ends = [
    ...rows.flatMap(({ effect, low, high }) => [effect, low, high]),
    ...curve.values(),
    middle,
  ].filter((end): end is number => end !== null && end !== undefined);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const place = (x: number) => 2 + (96 * (x - least)) / (most - least || 1);
  const show = measure.startsWith("probability") ? percent : number;
  return (
    <>
      <p className={classes.legend}>
        <span>
          <i data-mark="mean" aria-hidden /> mean of all, with interval
        </span>
        {own && (
          <span>
            <i data-mark="own" aria-hidden /> this row
          </span>
        )}
        {middle !== null && (
          <span>
            <i data-mark="middle" aria-hidden />{" "}
            {kind === "ale" ? "no effect" : `as rows are: ${show(middle)}`}
          </span>
        )}
      </p>
      <table className={classes.table}>
        <caption className={classes.caption}>{measure}</caption>
        <tbody>
          {rows.map((row) => {
            const mine = curve.get(cell(row.value)) ?? null;
            const isHere = isSame(row.value, value);
            return (
              <tr key={cell(row.value)} data-here={isHere || undefined}>
                <th scope="row">
                  {cell(row.value)}
                  {isHere && <span className={classes.here}>this row</span>}
                </th>
                <td className={classes.plot} aria-hidden>
                  <span className={classes.axis}>
                    {middle !== null && (
                      <i data-mark="middle" style={{ left: `${place(middle)}%` }} />
                    )}
                    {row.low !== null && row.high !== null && (
                      <i
                        data-mark="range"
                        style={{
                          left: `${place(row.low)}%`,
                          width: `${place(row.high) - place(row.low)}%`,
                        }}
                      />
                    )}
                    {row.effect !== null && (
                      <i data-mark="mean" style={{ left: `${place(row.effect)}%` }} />
                    )}
                    {mine !== null && <i data-mark="own" style={{ left: `${place(mine)}%` }} />}
                  </span>
                </td>
                <td className={classes.figure}>
                  <b>{show(row.effect)}</b>
                  {row.low !== null && (
                    <span className="mp-soft">
                      {show(row.low)} – {show(row.high)}
                    </span>
                  )}
                </td>
                <td className={classes.figure}>
                  {mine !== null && <span className={classes.own}>{show(mine)} here</span>}
                  <span className="mp-soft">
                    {row.has_data ? `${counted(row.rows, "row")}` : "hardly any rows"}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
