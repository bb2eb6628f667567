import { describe, expect, it } from "vitest";
import type { ColumnFacts, Distribution } from "@/api/types";
import { asked, candidates, grouped, MOST } from "@/screens/explore/panels/groups";

function of(column: string, role: string, is_reserved = false) {
  return { column, role, is_reserved } as Distribution;
}

const all = [of("b", "input"), of("a", "metadata"), of("c", "input"), of("label", "", true)];

describe("distributions", () => {
  it("stand in groups", () => {
    const groups = grouped(all, "given", "");
    expect(groups.map((group) => group.distributions.map(({ column }) => column))).toEqual([
      ["label"],
      ["b", "c"],
      ["a"],
    ]);
  });

  it("stand by how much errors differ, what the model did last", () => {
    const spread = { a: 0.3, b: 0.1, c: null, label: 0.9 } as Record<string, number | null>;
    const known = all.map((of) => ({ ...of, spread: spread[of.column] ?? null }));
    const groups = grouped(known, "spread", "");
    expect(groups.map((group) => group.distributions.map(({ column }) => column))).toEqual([
      ["a", "b", "c"],
      ["label"],
    ]);
  });

  it("stand by name, and are found", () => {
    const [group] = grouped(all, "name", "");
    expect(group?.distributions.map(({ column }) => column)).toEqual(["a", "b", "c", "label"]);
    expect(grouped(all, "given", "LAB")).toHaveLength(1);
    expect(grouped(all, "name", "nothing")).toEqual([]);
  });

  it("are of columns that can be drawn", () => {
    const facts = [
      { name: "id", view: "values", role: "id", is_reserved: false },
      { name: "text", view: "text", role: "input", is_reserved: false },
      { name: "p_yes", view: "bins", role: "", is_reserved: true },
      { name: "p_value", view: "bins", role: "input", is_reserved: false },
      { name: "loss", view: "bins", role: "", is_reserved: true },
    ] as ColumnFacts[];
    expect(candidates(facts)).toEqual(["loss", "p_value"]);
  });

  it("are asked for in parts where there are many", () => {
    const many = Array.from({ length: MOST + 10 }, (_, place) => `column ${place}`);
    expect(
      asked(
        all.map(({ column }) => column),
        "",
        MOST,
        [],
      ),
    ).toBeUndefined();
    expect(asked(many, "", 3, ["column 50"])).toEqual([
      "column 0",
      "column 1",
      "column 2",
      "column 50",
    ]);
    expect(asked(many, "n 57", MOST, [])).toEqual(["column 57"]);
  });
});
