import { describe, expect, it } from "vitest";
import type { OverviewData } from "@/api/types";
import { compared } from "@/screens/overview/rivals";

const figure = (metric: string, value: number) => ({ metric, value, low: null, high: null, n: 9 });
const average = { average: "macro", precision: 0.1, recall: 0.2, f1: 0.3, n: 9 };
const baseline = { kind: "majority", name: "always", fixed: null, broken: null };

function overview(parts: object): OverviewData {
  const source = { of: "m/d", where: "", n: 9 };
  return { source, figures: [], averages: [], baselines: [], ...parts } as unknown as OverviewData;
}

describe("compared", () => {
  it("puts the model first, averages among its metrics", () => {
    const { metrics, rivals } = compared(
      overview({
        figures: [figure("accuracy", 0.9)],
        averages: [average],
        baselines: [
          { ...baseline, figures: [figure("accuracy", 0.5), figure("f1_macro", 0.4)] },
          { ...baseline, name: "old", fixed: 3, broken: 1200, figures: [figure("accuracy", 0.8)] },
        ],
      }),
      "gbm@1",
    );
    expect(metrics).toEqual(["accuracy", "f1_macro"]);
    expect(rivals.map(({ name, says }) => [name, says])).toEqual([
      ["gbm@1", ""],
      ["always", ""],
      ["old", "3 of its mistakes mended, 1,200 new"],
    ]);
    expect(rivals[0]?.values.map((item) => item?.value)).toEqual([0.9, 0.3]);
    expect(rivals[2]?.values[1]).toBeUndefined();
  });

  it("is empty without baselines", () => {
    expect(compared(overview({ figures: [figure("loss", 1)] }), "m").rivals).toEqual([]);
  });
});
