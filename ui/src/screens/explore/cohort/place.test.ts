import { describe, expect, it } from "vitest";
import { taken, wrongPart } from "@/screens/explore/cohort/place";

describe("an error's place", () => {
  it.each([
    ["Age >> 60", { message: "at '>' at character 6", position: null }, ">"],
    ["Aeg > 60", { message: "no column 'Aeg'.", position: null }, "Aeg"],
    ["a = 'x' AND b = 'yy zz'", { message: "bad", position: 16 }, "'yy zz'"],
    ["Age >", { message: "bad", position: 5 }, ">"],
    ["größe = 1", { message: "bad", position: 0 }, "größe"],
  ])("is found in %s", (text, error, part) => {
    const found = wrongPart(text, error);
    expect(text.slice(found?.start, found?.end)).toBe(part);
  });

  it("may be unknown", () => {
    expect(wrongPart("Age > 60", { message: "too long", position: null })).toBeNull();
  });
});

describe("a suggestion", () => {
  const item = (text: string) => ({ text, kind: "column", detail: "" });

  it.each([
    ["Ag", 0, 2, "Age", "Age ", 4],
    ["Ag > 60", 0, 2, "Age", "Age > 60", 3],
    ["a AND h", 6, 7, "has(", "a AND has(", 10],
    ["tag('re')", 5, 7, "reviewed", "tag('reviewed ')", 14],
  ])("is put into %s", (text, start, end, word, result, cursor) => {
    expect(taken(text, { start, end, items: [] }, item(word))).toEqual({ text: result, cursor });
  });
});
