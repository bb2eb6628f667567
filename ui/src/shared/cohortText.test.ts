import { describe, expect, it } from "vitest";
import { allOf, hasTag, marked, nameText, phrasesOf, quoted } from "@/shared/cohortText";

describe("cohort texts", () => {
  it("quotes values", () => expect(quoted("it's")).toBe("'it''s'"));

  it.each([
    ["Age", "Age"],
    ["monthly charges", '"monthly charges"'],
    ["order", '"order"'],
    ['a"b', '"a""b"'],
    ["größe", '"größe"'],
    ['input("label")', 'input("label")'],
  ])("writes the name %s", (name, text) => expect(nameText(name)).toBe(text));

  it("joins conditions", () => {
    expect(allOf("a > 1", "b OR c")).toBe("(a > 1) AND (b OR c)");
    expect(allOf("a > 1", "", undefined)).toBe("a > 1");
    expect(allOf()).toBe("");
  });

  it("speaks of tags", () => expect(hasTag("to 'fix'")).toBe("tag('to ''fix''')"));
});

describe("phrases", () => {
  it("finds what has() asks for, not what it refuses", () => {
    const where = "has(text, 'not good') AND NOT has(text, 'new') OR has(\"my text\", 'it''s')";
    expect(phrasesOf(where)).toEqual([
      { column: "text", phrase: "not good" },
      { column: "my text", phrase: "it's" },
    ]);
  });

  it.each([
    ["A new york, NEW-York times", ["new york"], ["new york", "NEW-York"]],
    ["newyork renewed", ["new"], []],
    ["c++ (really)", ["c++", "(really)"], ["c++", "(really)"]],
    ["month-to-month", ["month-to-month"], ["month-to-month"]],
    ["plain", [], []],
    ["ends with cat", ["cat", "with"], ["with", "cat"]],
  ])("marks %s", (text, phrases, found) => {
    const pieces = marked(text, phrases);
    expect(pieces.filter((piece) => piece.isMarked).map((piece) => piece.text)).toEqual(found);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  });
});
