import { expect, it } from "vitest";
import type { EvaluationEntry } from "@/api/types";
import { byDataset } from "@/screens/home/byDataset";

const entry = (model: string, dataset: string) =>
  ({ ref: `${model}/${dataset}`, model, dataset, task: "binary", n: 3 }) as EvaluationEntry;

it("puts models of the same rows together, in the order they came in", () => {
  const groups = byDataset([entry("a", "x"), entry("b", "y"), entry("c", "x")]);
  expect(groups.map(({ dataset, items }) => [dataset, items.map(({ model }) => model)])).toEqual([
    ["x", ["a", "c"]],
    ["y", ["b"]],
  ]);
});
