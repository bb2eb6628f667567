import { expect, it } from "vitest";
import { suggestedName } from "@/screens/slices/names";

it.each([
  ["contract = 'Month-to-month'", "contract-month-to-month"],
  ["tenure BETWEEN 5 AND 40", "tenure-5-40"],
  ["label = 'a b' AND x > 2", "label-a-b-x-2"],
])("names %s", (where, name) => expect(suggestedName(where)).toBe(name));
