import { describe, expect, it } from "vitest";
import type { Facts } from "@/api/types";
import { isRate, objectivesOf, slicesParams } from "@/screens/slices/options";

const facts = (parts: object) =>
  ({
    is_loss: false,
    columns: [],
    task: { kind: "multiclass", positive: null },
    ...parts,
  }) as unknown as Facts;
const reserved = (name: string) => ({ name, is_reserved: true });
const values = (parts: object) => objectivesOf(facts(parts)).map(({ value }) => value);

describe("options of slices", () => {
  it("knows by what groups can be worse", () => {
    expect(values({})).toEqual(["error"]);
    expect(values({ columns: [reserved("loss"), reserved("confidence")] })).toEqual([
      "error",
      "loss",
      "overconfidence",
    ]);
    expect(values({ task: { kind: "binary", positive: "Yes" } })).toEqual([
      "error",
      "false_negative[Yes]",
      "false_positive[Yes]",
    ]);
    expect(values({ is_loss: true, task: { kind: "regression", positive: null } })).toEqual([
      "loss",
      "overprediction",
      "underprediction",
    ]);
  });

  it("takes what the address says", () => {
    const params = slicesParams({ skip: "a", conditions: "1" });
    expect(params).toMatchObject({ skip: ["a"], conditions: "1", where: undefined, top: 15 });
  });

  it("tells rates from losses", () => {
    expect([isRate("error"), isRate("false_positive[a]"), isRate("loss")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
