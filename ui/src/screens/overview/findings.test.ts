import { describe, expect, it } from "vitest";
import { told } from "@/screens/overview/findings";

const finding = (part: string, sentence: string, where = "") => ({ part, sentence, where });

describe("told", () => {
  it("orders by topic and takes the first of each", () => {
    const parts = told(
      [finding("calibration", "a"), finding("metrics", "b")],
      [finding("metrics", "c")],
    ).map(({ part, sentence }) => [part, sentence]);
    expect(parts).toEqual([
      ["metrics", "b."],
      ["calibration", "a."],
    ]);
  });

  it("leaves out the condition that is the worst slice", () => {
    const parts = told([
      finding("slices", "Where a is 1: 3 % wrong (1 to 2 more). 5 % of the rows", "a = 1"),
      finding("cards", "One condition alone: a = 1", "a = 1"),
      finding("tokens", "One word alone", "has(t, 'x')"),
    ]);
    expect(parts.map(({ part }) => part)).toEqual(["slices", "tokens"]);
    expect(parts[0]?.sentence).toBe("Where a is 1: 3 % wrong (1 to 2 more).");
  });
});
