import { describe, expect, it } from "vitest";
import {
  amount,
  amountsUpTo,
  cell,
  compact,
  count,
  counted,
  differing,
  metricName,
  number,
  percent,
  probability,
  short,
  signed,
} from "@/shared/format";

describe("percent near all", () => {
  it("does not say all of nearly all", () => {
    expect(percent(0.9996)).toBe("99.96 %");
    expect(percent(1)).toBe("100 %");
    expect(percent(0.998)).toBe("99.8 %");
  });
});

describe("counted", () => {
  it("knows one from many", () => {
    expect(counted(1, "row")).toBe("1 row");
    expect(counted(0, "row")).toBe("0 rows");
    expect(counted(2000, "query", "queries")).toBe("2,000 queries");
  });
});

describe("format", () => {
  it.each([
    [0.1234, "12.3 %"],
    [0.00123, "0.12 %"],
    [1, "100 %"],
    [0, "0.0 %"],
    [null, "–"],
  ])("percent of %s", (value, text) => expect(percent(value)).toBe(text));

  it.each([
    [1234567, "1,234,567"],
    [null, "–"],
  ])("count of %s", (value, text) => expect(count(value)).toBe(text));

  it.each([
    [0.123456, "0.1235"],
    [12345.6, "12,346"],
    [0.0000012, "1.20e-6"],
    [0, "0"],
  ])("number %s", (value, text) => expect(number(value)).toBe(text));

  it.each([
    [0.0123456, "= 0.012"],
    [1e-9, "< 0.001"],
    [null, "–"],
  ])("p %s", (value, text) => expect(probability(value)).toBe(text));

  it.each([
    [0.005323, -0.01357, 0.02421, "+0.5 points", "−1.4 to +2.4"],
    [-0.0642, -0.0711, -0.0573, "−6.42 points", "−7.11 to −5.73"],
    [-0.0001, -0.03, 0.03, "0.0 points", "−3.0 to +3.0"],
    [0.05, null, null, "+5.0 points", ""],
    [null, null, null, "–", ""],
  ])("difference of shares %s", (value, low, high, amount, span) =>
    expect(differing(value, low, high)).toEqual({ amount, span }),
  );

  it("tells other differences as they are", () =>
    expect(differing(-0.071, -0.143, 0.0004, short)).toEqual({
      amount: "−0.071",
      span: "−0.143 to +0.000",
    }));

  it("shows direction", () => {
    expect(signed(0.05)).toBe("+5.0 points");
    expect(signed(-0.05)).toBe("−5.0 points");
  });

  it.each([
    [-1.96361, "−1.96"],
    [0.094544, "0.0945"],
    [-1e-16, "−0.000"],
    [0, "0"],
    [null, "–"],
  ])("amount %s", (value, text) => expect(amount(value)).toBe(text));

  it.each([
    [1.09, 0.0022, "0.002"],
    [0.966, 0.0971, "0.097"],
    [0.05, -0.0123, "−0.0123"],
    [1234, 56.7, "57"],
    [0, 0, "0.000"],
    [1, -1e-9, "0.000"],
  ])("amounts up to %s: %s", (most, value, text) => expect(amountsUpTo(most)(value)).toBe(text));

  it("shows cells", () => {
    expect(cell(true)).toBe("true");
    expect(cell(["a"])).toBe('["a"]');
    expect(cell(undefined)).toBe("–");
  });

  it.each([
    [12345, "12.3K"],
    [0.2154, "0.215"],
    [0.00000123, "1e-6"],
    [0, "0"],
    [null, "–"],
  ])("compact %s", (value, text) => expect(compact(value)).toBe(text));

  it.each([
    ["roc_auc", "ROC AUC"],
    ["balanced_accuracy", "balanced accuracy"],
    ["recall[not_me]", "recall[not_me]"],
  ])("metric %s", (metric, name) => expect(metricName(metric)).toBe(name));
});
