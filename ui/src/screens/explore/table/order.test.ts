import { describe, expect, it } from "vitest";
import { clicked, directionOf, orderText, sortedBy } from "@/screens/explore/table/order";

describe("order", () => {
  it.each([
    [
      "loss DESC, Age",
      [
        ["loss", true],
        ["Age", false],
      ],
    ],
    ['"a, b" asc', [['"a, b"', false]]],
    ["p('x') DESC", [["p('x')", true]]],
    [undefined, []],
  ])("reads %s", (text, found) => {
    expect(sortedBy(text).map((item) => [item.operand, item.isDescending])).toEqual(found);
  });

  it("comes back from what it wrote", () => {
    expect(orderText(sortedBy('loss DESC, "my col"'))).toBe('loss DESC, "my col"');
  });

  it("goes down, up, away", () => {
    const once = clicked(undefined, "loss");
    expect(once).toBe("loss DESC");
    const twice = clicked(once, "loss");
    expect(twice).toBe("loss");
    expect(clicked(twice, "loss")).toBeUndefined();
  });

  it("takes another column in its place, or after it", () => {
    expect(clicked("loss DESC", "Age")).toBe("Age DESC");
    expect(clicked("loss DESC", "Age", true)).toBe("loss DESC, Age DESC");
    expect(clicked("loss DESC, Age DESC", "loss", true)).toBe("loss, Age DESC");
    expect(clicked("loss, Age DESC", "loss", true)).toBe("Age DESC");
  });

  it("knows names in quotes", () => {
    expect(clicked(undefined, "my col")).toBe('"my col" DESC');
    expect(directionOf('"my col" DESC', "my col")).toBe(-1);
  });
});
