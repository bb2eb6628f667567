import { describe, expect, it } from "vitest";
import type { DatasetFacts } from "@/api/types";
import { addCommand } from "@/screens/data/dataHere";

describe("the command that adds a dataset", () => {
  it.each([
    ["churn", "mispredict add dataset new new.csv --label churn"],
    ["has left", "mispredict add dataset new new.csv --label 'has left'"],
    [null, "mispredict add dataset new new.csv"],
  ])("names the label %s", (label, command) => {
    expect(addCommand({ label } as DatasetFacts, "new", "new.csv")).toBe(command);
  });
});
