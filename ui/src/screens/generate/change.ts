/** What of the inputs is changed, and how strongly: the address says it. */
import { useMemo } from "react";
import type { OfferedPerturbation } from "@/api/types";
import { many, one, type Search } from "@/app/address";
import { useSearch } from "@/app/useSearch";

export interface Change {
  names: string[];
  strength: number;
  where: string | null;
  columns: string[] | null;
  options: Record<string, string | number | boolean>;
  seed: number;
}

export const STRENGTH = 0.3;

/** The change of the address; without one, the first perturbation that is offered. */
export function useChange(offered: readonly OfferedPerturbation[] | undefined): Change {
  const { search } = useSearch();
  const text = JSON.stringify(changeOf(search, offered ?? []));
  return useMemo(() => JSON.parse(text) as Change, [text]);
}

export function changeOf(search: Search, offered: readonly OfferedPerturbation[]): Change {
  const names = many(search, "by") ?? [firstOf(offered)].filter((name) => name !== undefined);
  const chosen = offered.filter(({ name }) => names.includes(name));
  return {
    names,
    strength: numberOf(one(search, "strength"), STRENGTH, 1),
    where: one(search, "where") || null,
    columns: many(search, "column") ?? null,
    options: optionsOf(many(search, "option") ?? [], chosen),
    seed: Math.round(numberOf(one(search, "seed"), 0, 2 ** 32 - 1)),
  };
}

/** One that most models should bear, and that has something to change in most rows. */
function firstOf(offered: readonly OfferedPerturbation[]): string | undefined {
  const usual = ["typo", "noise"].find((name) => offered.some((item) => item.name === name));
  return usual ?? offered[0]?.name;
}

function numberOf(text: string | undefined, usual: number, most: number): number {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? usual : Math.min(Math.max(value, 0), most);
}

/** `name=value` of the options that the chosen ones have, in their types. */
function optionsOf(given: readonly string[], chosen: readonly OfferedPerturbation[]) {
  const found: Change["options"] = {};
  for (const { options } of chosen) {
    for (const { name, kind } of options) {
      const text = given.find((item) => item.startsWith(`${name}=`))?.slice(name.length + 1);
      if (text === undefined || text === "") continue;
      if (kind === "truth") found[name] = text === "true";
      else if (kind === "text") found[name] = text;
      else if (Number.isFinite(Number(text))) found[name] = Number(text);
    }
  }
  return found;
}

/** The parameters `option` of the address with another value of one option. */
export function withOption(given: readonly string[] | undefined, name: string, value: string) {
  const rest = (given ?? []).filter((item) => !item.startsWith(`${name}=`));
  const made = value === "" ? rest : [...rest, `${name}=${value}`];
  return made.length > 0 ? made : undefined;
}
