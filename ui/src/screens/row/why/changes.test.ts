import { describe, expect, it } from "vitest";
import { changesOf, changesText, withChange } from "@/screens/row/why/changes";

describe("changes", () => {
  it.each([{ tenure: 3 }, { contract: "Two year", female: true }, { "a=b%": "c=d", n: null }, {}])(
    "come back from the address: %o",
    (changes) => {
      const text = changesText(changes);
      expect(changesOf(text === undefined ? {} : { set: text })).toEqual(changes);
    },
  );

  it.each([
    ["contract=Two year", { contract: "Two year" }],
    ["=3", {}],
    ["tenure", {}],
  ])("reads %s as a person types it", (text, changes) => {
    expect(changesOf({ set: text })).toEqual(changes);
  });

  it("ends a change where the value is as it was", () => {
    expect(withChange({ a: 1, b: 2 }, "a", 5, 5)).toEqual({ b: 2 });
    expect(withChange({ b: 2 }, "a", 6, 5)).toEqual({ a: 6, b: 2 });
  });
});
