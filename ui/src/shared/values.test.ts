import { describe, expect, it } from "vitest";
import { classNamed, isClass, isPair } from "@/shared/values";

describe("classes", () => {
  it.each([
    ["it's", "label = 'it''s'"],
    [3, "label = 3"],
    [true, "label = TRUE"],
    [null, "label IS NULL"],
  ])("%s as a condition", (value, text) => expect(isClass("label", value)).toBe(text));

  it("joins label and prediction", () =>
    expect(isPair("a", 1)).toBe("label = 'a' AND prediction = 1"));

  it("finds classes by the names that are shown", () => {
    expect(classNamed([1, 2], "2")).toBe(2);
    expect(classNamed(["a\nlong one", "b"], "a long…")).toBe("a\nlong one");
    expect(classNamed(["long 1", "long 2"], "long…")).toBeUndefined();
    expect(classNamed(["a"], "b")).toBeUndefined();
  });
});
