/** The confusion table as a matrix, and the part of it where most is confused. */
import type { ConfusionTable } from "@/api/types";
import type { Scalar } from "@/shared/values";

export interface Cell {
  n: number;
  share: number | null; // of the rows of the label
}

export interface Matrix {
  classes: readonly Scalar[];
  cells: readonly (readonly Cell[])[]; // by label, then prediction
}

export interface Pair {
  label: Scalar;
  prediction: Scalar;
  cell: Cell;
}

const NONE: Cell = { n: 0, share: null };

export function matrixOf({ rows }: ConfusionTable): Matrix {
  const classes = [...new Set(rows.map(({ label }) => label))] as Scalar[];
  const place = new Map(classes.map((value, i) => [value, i]));
  const cells: Cell[][] = classes.map(() => classes.map(() => NONE));
  for (const row of rows) {
    const line = cells[place.get(row.label as Scalar) ?? -1];
    const j = place.get(row.prediction as Scalar);
    if (line && j !== undefined) line[j] = { n: row.n, share: row.share_of_label };
  }
  return { classes, cells };
}

/** Pairs of different classes that are confused, most rows first. */
export function confusedPairs({ classes, cells }: Matrix): Pair[] {
  const pairs = classes.flatMap((label, i) =>
    classes.flatMap((prediction, j) => {
      const cell = cells[i]?.[j] ?? NONE;
      return i !== j && cell.n > 0 ? [{ label, prediction, cell }] : [];
    }),
  );
  return pairs.sort((a, b) => b.cell.n - a.cell.n);
}

/** The matrix of the classes in the most frequent confusions, `most` of them. */
export function worstPart(matrix: Matrix, most: number): Matrix {
  const chosen = new Set<Scalar>();
  for (const { label, prediction } of confusedPairs(matrix)) {
    if (chosen.size + (chosen.has(label) ? 0 : 1) + (chosen.has(prediction) ? 0 : 1) > most) break;
    chosen.add(label).add(prediction);
  }
  return only(matrix, [...chosen]);
}

/** The matrix with the classes in another order, the most mistaken first. */
export function byErrors(matrix: Matrix): Matrix {
  const { classes, cells } = matrix;
  const wrong = (i: number) =>
    (cells[i] ?? []).reduce((sum, { n }, j) => (i === j ? sum : sum + n), 0);
  const errors = new Map(classes.map((value, i) => [value, wrong(i)]));
  return only(
    matrix,
    [...classes].sort((a, b) => (errors.get(b) ?? 0) - (errors.get(a) ?? 0)),
  );
}

function only({ classes, cells }: Matrix, chosen: readonly Scalar[]): Matrix {
  const places = chosen.map((value) => classes.indexOf(value));
  return {
    classes: chosen,
    cells: places.map((i) => places.map((j) => cells[i]?.[j] ?? NONE)),
  };
}
