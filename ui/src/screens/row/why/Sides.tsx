/** What the model says of the row as it is and as it was changed, side by side. */
import { IconArrowRight } from "@tabler/icons-react";
import type { Chance, Variant } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/row/why/Sides.module.css";
import { cell, count, number, percent, signed } from "@/shared/format";

interface SidesProps {
  before: Pick<Variant, "prediction" | "probabilities">;
  after: Variant | undefined;
  label: unknown;
}

const MOST = 5; // classes

export function Sides({ before, after, label }: SidesProps) {
  const isNumber = useHere().facts.task.kind === "regression";
  return (
    <div className={classes.sides}>
      <div className={classes.said}>
        <Said name="As it is" value={before.prediction} />
        <IconArrowRight size={20} aria-hidden className={classes.arrow} />
        <Said
          name="With the changes"
          value={after?.prediction ?? null}
          isFlipped={!isNumber && (after?.is_flipped ?? false)}
          isNone={!after}
        />
        <Shift before={before} after={after} />
      </div>
      <Classes before={before.probabilities} after={after?.probabilities} label={label} />
    </div>
  );
}

interface SaidProps {
  name: string;
  value: unknown;
  isFlipped?: boolean;
  isNone?: boolean;
}

function Said({ name, value, isFlipped = false, isNone = false }: SaidProps) {
  const text = typeof value === "number" ? number(value) : cell(value);
  return (
    <div className={classes.side}>
      <div className={classes.name}>{name}</div>
      <div className={classes.value} data-flipped={isFlipped || undefined}>
        {isNone ? <span className="mp-soft">–</span> : text}
        {isFlipped && <span className={classes.flag}>flipped</span>}
      </div>
    </div>
  );
}

/** How far it moved, in words: of the class said before, or of the number. */
function Shift({ before, after }: Pick<SidesProps, "before" | "after">) {
  if (!after || after.shift === null) return null;
  const isClass = before.probabilities.length > 0;
  return (
    <div className={classes.side}>
      <div className={classes.name}>
        {isClass ? `“${cell(before.prediction)}” moves by` : "Moves by"}
      </div>
      <div className={classes.value}>
        {isClass ? signed(after.shift) : signed(after.shift, number)}
      </div>
    </div>
  );
}

interface ClassesProps {
  before: readonly Chance[];
  after: readonly Chance[] | undefined;
  label: unknown;
}

function Classes({ before, after, label }: ClassesProps) {
  if (before.length === 0) return null;
  const then = new Map(after?.map(({ name, value }) => [cell(name), value]));
  const all = before.map(({ name, value }) => ({
    name,
    before: value ?? 0,
    after: after ? (then.get(cell(name)) ?? 0) : null,
  }));
  const most = (row: (typeof all)[number]) => Math.max(row.before, row.after ?? 0);
  const shown = all.length > MOST ? [...all].sort((a, b) => most(b) - most(a)).slice(0, MOST) : all;
  return (
    <>
      <ul className={classes.classes} aria-label="Probabilities, before and after">
        {shown.map((row) => (
          <li key={cell(row.name)} className={classes.class}>
            <span className={classes.of} title={cell(row.name)}>
              {cell(row.name)}
              {cell(row.name) === cell(label) && label !== null && (
                <span className={classes.mark}>label</span>
              )}
            </span>
            <span className={classes.tracks} aria-hidden>
              <i data-side="before" style={{ width: `${100 * row.before}%` }} />
              <i data-side="after" style={{ width: `${100 * (row.after ?? 0)}%` }} />
            </span>
            <span className={classes.figures}>
              <span className="mp-soft">{percent(row.before)}</span>
              {row.after !== null && (
                <>
                  {" → "}
                  <b>{percent(row.after)}</b>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {all.length > shown.length && (
        <p className={classes.more}>
          {count(all.length - shown.length)} more classes, each less likely before and after.
        </p>
      )}
    </>
  );
}
