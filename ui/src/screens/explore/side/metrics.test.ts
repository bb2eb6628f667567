import { describe, expect, it } from "vitest";
import { differenceText, metricText, spans } from "@/screens/explore/side/metrics";

describe("metrics", () => {
  it.each([
    ["accuracy", 0.8261, "82.6 %"],
    ["log_loss", 0.76012, "0.760"],
    ["rmse", 12345.6, "12,346"],
    ["rmse", 12.3456, "12.3"],
    ["f1", null, "–"],
  ])("writes %s of %s", (metric, value, text) => expect(metricText(metric, value)).toBe(text));

  it.each([
    ["accuracy", -0.0601, "−6.0 pt"],
    ["f1", 0.0068, "+0.007"],
    ["f1", 0, "0.000"],
    ["f1", undefined, "–"],
  ])("writes a difference of %s of %s", (metric, value, text) => {
    expect(differenceText(metric, value)).toBe(text);
  });

  it("puts intervals on one scale", () => {
    const [a, b] = spans([
      [0, 1, 2],
      [2, 3, 4],
    ]);
    expect(a).toEqual({ left: 2, width: 48, at: 26 });
    expect(b?.left).toBe(50);
    expect(spans([[1, 1, 1]])[0]).toEqual({ left: 2, width: 0, at: 2 });
  });
});
