import { describe, expect, it } from "vitest";
import type { ThresholdRow } from "@/api/types";
import { chosenThreshold, nearestRow } from "@/screens/overview/threshold";

describe("threshold", () => {
  it.each([
    [undefined, 0.5],
    ["0.2", 0.2],
    ["0", 0],
    ["2", 0.5],
    ["a", 0.5],
  ])("%s in the address is %d", (threshold, value) =>
    expect(chosenThreshold(threshold === undefined ? {} : { threshold })).toBe(value),
  );

  it("takes the nearest row", () => {
    const rows = [0, 0.4, 0.45, 1].map((threshold) => ({ threshold })) as ThresholdRow[];
    expect(nearestRow(rows, 0.44).threshold).toBe(0.45);
  });
});
