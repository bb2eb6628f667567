import { describe, expect, it } from "vitest";
import { many, one, parseSearch, stringifySearch } from "@/app/address";

describe("address", () => {
  it.each([
    ["where=Age+%3E+60", { where: "Age > 60" }],
    ["columns=a&columns=b", { columns: ["a", "b"] }],
    ["n=5", { n: "5" }],
    ["", {}],
  ])("reads %s", (text, search) => {
    expect(parseSearch(text)).toEqual(search);
  });

  it("comes back from what it wrote", () => {
    const search = { where: "name = 'a&b = c'", columns: ["x", "y z"] };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it("leaves out what is empty", () => {
    expect(stringifySearch({ where: "", order_by: undefined })).toBe("");
  });

  it("knows one from many", () => {
    const search = parseSearch("a=1&a=2");
    expect(one(search, "a")).toBe("2");
    expect(many(search, "a")).toEqual(["1", "2"]);
    expect(many(search, "b")).toBeUndefined();
  });
});
