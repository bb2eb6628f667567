import { describe, expect, it } from "vitest";
import type { Distribution } from "@/api/types";
import { clickedBar, codesOf, draggedBars } from "@/screens/explore/edits";
import {
  barsPath,
  heights,
  isOrdered,
  ratePaths,
  rateTop,
  slots,
} from "@/screens/explore/panels/shapes";

const age: Distribution = {
  column: "age",
  type: "numeric",
  role: "input",
  is_reserved: false,
  kind: "bins",
  label: ["1 to 2", "3 to 4", "missing"],
  first: [1, 3, 0],
  last: [2, 4, 0],
  low: [1, 3, null],
  high: [3, 5, null],
  n: [10, 0, 10],
  all: [100, 50, 50],
  errors: [5, 0, 1],
  rate: [0.5, null, 0.1],
  rate_low: [0.3, null, 0.05],
  rate_high: [0.7, null, 0.2],
  is_selected: [false, false, false],
  is_partly: [false, false, false],
  is_missing: [false, false, true],
  more: 0,
  more_n: 0,
  more_all: 0,
  more_selected: 0,
  spread: 0.1,
};

describe("bars", () => {
  it("compares shares, or counts", () => {
    expect(heights(age, "shares")).toEqual({ all: [1, 0.5, 0.5], n: [1, 0, 1] });
    expect(heights(age, "counts")).toEqual({ all: [1, 0.5, 0.5], n: [0.1, 0, 0.1] });
  });

  it("stands missing values apart", () => {
    expect(slots(age)).toEqual({ x: [0, 1, 2.5], used: 3.5, width: 6 });
  });

  it("draws no bar of no rows", () => {
    const { x } = slots(age);
    expect(barsPath([1, 0, 0.5], x, "all").match(/M/g)).toHaveLength(2);
    expect(barsPath([1, 0, 0.5], x, "all", (bar) => bar === 0).match(/M/g)).toHaveLength(1);
    expect(ratePaths(age, x, 1).dots.match(/M/g)).toHaveLength(2);
  });

  it("scales rates by what is sure", () => {
    expect(rateTop([age], 0.1, "error rate")).toBeCloseTo(0.33);
    expect(rateTop([age], 0.9, "error rate")).toBe(1);
    expect(rateTop([age], 9, "mean loss")).toBeCloseTo(19.8);
    expect(rateTop([], null, "")).toBe(1);
  });

  it("knows scales from lists", () => {
    expect(isOrdered(age)).toBe(true);
    expect(isOrdered({ ...age, kind: "values", type: "categorical" })).toBe(false);
  });
});

describe("clicks", () => {
  const chosen = { ...age, is_selected: [true, false, false] };
  const both = { ...age, is_selected: [true, true, false] };

  it("takes all codes of a bar", () => expect(codesOf(age, 1, 0)).toEqual([1, 2, 3, 4]));

  it.each([
    ["takes a bar", age, 0, false, { codes: [1, 2], mode: "replace" }],
    ["lets go of the only one", chosen, 0, false, { codes: [], mode: "clear" }],
    ["takes another instead", chosen, 1, false, { codes: [3, 4], mode: "replace" }],
    ["adds with a key", chosen, 1, true, { codes: [3, 4], mode: "add" }],
    ["takes away with a key", both, 1, true, { codes: [1, 2], mode: "replace" }],
    ["takes one of two alone", both, 1, false, { codes: [3, 4], mode: "replace" }],
  ] as const)("%s", (_, of, bar, isMore, edit) => {
    expect(clickedBar(of, bar, isMore)).toEqual({ column: "age", ...edit });
  });

  it("takes a range by a drag", () => {
    expect(draggedBars(age, 1, 0, false).codes).toEqual([1, 2, 3, 4]);
  });
});
