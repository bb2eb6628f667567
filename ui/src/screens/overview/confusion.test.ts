import { describe, expect, it } from "vitest";
import type { ConfusionTable } from "@/api/types";
import { byErrors, confusedPairs, matrixOf, worstPart } from "@/screens/overview/confusion";

const COUNTS = { a: [5, 1, 0], b: [0, 3, 0], c: [0, 7, 2] };
const rows = Object.entries(COUNTS).flatMap(([label, counts]) =>
  counts.map((n, j) => ({ label, prediction: "abc"[j] ?? "", n, share_of_label: n / 10 })),
);
const matrix = matrixOf({ rows } as unknown as ConfusionTable);

describe("confusion", () => {
  it("is a matrix by label, then prediction", () => {
    expect(matrix.classes).toEqual(["a", "b", "c"]);
    expect(matrix.cells[2]?.map(({ n }) => n)).toEqual([0, 7, 2]);
    expect(matrix.cells[0]?.[1]).toEqual({ n: 1, share: 0.1 });
  });

  it("has its errors in order", () => {
    const pairs = confusedPairs(matrix).map(({ label, prediction }) => [label, prediction]);
    expect(pairs).toEqual([
      ["c", "b"],
      ["a", "b"],
    ]);
  });

  it("shrinks to the classes that are most confused", () =>
    expect(worstPart(matrix, 2)).toEqual({
      classes: ["c", "b"],
      cells: [
        [matrix.cells[2]?.[2], matrix.cells[2]?.[1]],
        [matrix.cells[1]?.[2], matrix.cells[1]?.[1]],
      ],
    }));

  it("orders by errors", () => expect(byErrors(matrix).classes).toEqual(["c", "a", "b"]));
});
