import { describe, expect, it } from "vitest";
import {
  NO_RULES,
  rulesBody,
  rulesOf,
  rulesSearch,
  wayOf,
  withLock,
  withWay,
} from "@/screens/row/why/rules";

describe("rules", () => {
  const rules = withLock(withWay({ ...NO_RULES, target: "Yes" }, "tenure", "up"), "female", true);

  it("come back from the address", () => {
    expect(rulesOf(rulesSearch(rules))).toEqual(rules);
    expect(rulesOf(rulesSearch(NO_RULES))).toEqual(NO_RULES);
  });

  it("become what the server is told", () => {
    expect(rulesBody(rules, false)).toEqual({
      target: "Yes",
      immutable: ["female"],
      monotone: { tenure: "increase" },
    });
    expect(rulesBody(NO_RULES, false)).toEqual({});
    expect(rulesBody({ ...NO_RULES, most: "20" }, true)).toEqual({ target: [null, 20] });
  });

  it("have one way for a column", () => {
    expect(wayOf(withWay(rules, "tenure", "down"), "tenure")).toBe("down");
    expect(withWay(rules, "tenure", "any").up).toEqual([]);
  });
});
