import { expect, test } from "vitest";
import { answerOf, type Export, type Given, isRefusal, keyOf } from "@/api/exported";
import type { Example } from "@/api/types";

const E = "evaluations/gbm%401/churn%401";
const source = { of: "gbm@1/churn@1", where: "", n: 4 };
const data = {
  about: {
    model: "gbm@1",
    dataset: "churn@1",
    n: 4,
    rows: 2,
    worst: "loss DESC",
    longest_text: 300,
    made_at: "2026-11-22T06:00:00+00:00",
    version: "0",
  },
  workspace: { name: "ws" },
  answers: {
    [keyOf("", {})]: { ref: "gbm@1/churn@1" },
    [keyOf("explore", {})]: { n: 4, distributions: [{ column: "Age" }, { column: "Sex" }] },
    [keyOf("slices", { top: ["15"] })]: { rows: [] },
  },
  columns: ["row", "Age"],
  lists: [
    { where: "", order_by: "loss DESC", rows: [3, 0], total: 4, source },
    { where: "", order_by: "", rows: [0, 1], total: 4, source },
  ],
  records: { 0: [0, 30], 1: [1, 40], 3: [3, 60] },
} as unknown as Export;
const rows = Object.fromEntries(
  [0, 1, 3].map((number) => [number, { number, position: number } as Example]),
);

function ask(path: string, given: Given = {}, method = "GET") {
  return answerOf(data, method, path, given, () => Promise.resolve(rows));
}

test("names do not depend on the order of parameters, but on that of values", () => {
  const one = keyOf("overview", { where: ["a"], parts: ["x", "y"] });
  expect(one).toBe(keyOf("overview", { parts: ["x", "y"], where: ["a"] }));
  expect(one).not.toBe(keyOf("overview", { parts: ["y", "x"], where: ["a"] }));
});

// The same pairs as in tests/server/test_exporting.py.
test.each([
  ["", {}, '["",[]]'],
  ["slices", { top: ["15"] }, '["slices",[["top","15"]]]'],
  [
    "rows",
    { where: ['Land = "Köln\n"'], columns: ["b", "a"] },
    '["rows",[["columns","b"],["columns","a"],["where","Land = \\"Köln\\n\\""]]]',
  ],
] as [string, Given, string][])("the name of %s is Python's", (path, given, key) => {
  expect(keyOf(path, given)).toBe(key);
});

test("what the file holds is answered", async () => {
  expect(await ask(E)).toEqual({ ref: "gbm@1/churn@1" });
  expect(await ask(`${E}/slices`, { top: ["15"] })).toEqual({ rows: [] });
  expect(await ask("jobs")).toEqual({ rows: [] });
});

test("rows come in both orders, by pages and by number", async () => {
  const worst = await ask(`${E}/rows`, { order_by: ["loss DESC"], columns: ["row"], limit: ["1"] });
  expect(worst).toMatchObject({ rows: [{ row: 3 }], total: 2, offset: 0 });
  const second = await ask(`${E}/rows`, { offset: ["1"], limit: ["100"] });
  expect(second).toMatchObject({ rows: [{ row: 1, Age: 40 }], total: 2, offset: 1 });
  const some = await ask(`${E}/rows`, { where: ["row IN (3, 2)"], columns: ["Age"] });
  expect(some).toMatchObject({ rows: [{ Age: 60 }] });
});

test("a row stands where its list has it", async () => {
  const found = await ask(`${E}/rows/3`, { order_by: ["loss DESC"] });
  expect(found).toMatchObject({ number: 3, position: 0, previous: null, next: 0, total: 4 });
  expect(await ask(`${E}/rows/3`)).toMatchObject({ number: 3, position: 3 });
});

test("distributions are those asked for", async () => {
  const found = await ask(`${E}/explore`, { columns: ["Sex"] });
  expect(found).toMatchObject({ n: 4, distributions: [{ column: "Sex" }] });
});

test.each([
  [`${E}/rows/2`, {}],
  [`${E}/rows`, { order_by: ["Age"] }],
  [`${E}/rows`, { columns: ["unknown"] }],
  [`${E}/explore`, { where: ["Age > 3"] }],
  [`${E}/explore`, { column: ["Age"], codes: ["1"] }],
  [`${E}/rows/3`, { where: ["Age > 3"] }],
  [`${E}/slices`, { top: ["3"] }],
  [`${E}/rows/3/what-if`, {}],
  ["evaluations/other%401/churn%401", {}],
] as [string, Given][])("%s is refused in words", async (path, given) => {
  const answer = await ask(path, given);
  expect(isRefusal(answer) && answer.refused).toMatch(
    /^This is an export of gbm@1 on churn@1: .+ Start `mispredict serve gbm@1\/churn@1` to .+\.$/,
  );
});

test("nothing can be written", async () => {
  expect(isRefusal(await ask(`${E}/tags/new`, {}, "POST"))).toBe(true);
});
