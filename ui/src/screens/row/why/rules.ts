/** What a search for counterfactuals is told, as it stands in the address. */
import { many, one, type Search } from "@/app/address";

export interface Rules {
  target: string | undefined;
  /** Of a regression: the wanted range. */
  least: string | undefined;
  most: string | undefined;
  locked: readonly string[];
  up: readonly string[];
  down: readonly string[];
}

export const NO_RULES: Rules = {
  target: undefined,
  least: undefined,
  most: undefined,
  locked: [],
  up: [],
  down: [],
};

export type Way = "any" | "up" | "down";

export function rulesOf(search: Search): Rules {
  return {
    target: one(search, "target"),
    least: one(search, "least"),
    most: one(search, "most"),
    locked: many(search, "lock") ?? [],
    up: many(search, "up") ?? [],
    down: many(search, "down") ?? [],
  };
}

export function rulesSearch(rules: Rules): Search {
  const list = (names: readonly string[]) => (names.length > 0 ? [...names] : undefined);
  const { target, least, most, locked, up, down } = rules;
  return { target, least, most, lock: list(locked), up: list(up), down: list(down) };
}

export function wayOf(rules: Rules, column: string): Way {
  if (rules.up.includes(column)) return "up";
  return rules.down.includes(column) ? "down" : "any";
}

export function withWay(rules: Rules, column: string, way: Way): Rules {
  const without = (names: readonly string[]) => names.filter((name) => name !== column);
  const [up, down] = [without(rules.up), without(rules.down)];
  return {
    ...rules,
    up: way === "up" ? [...up, column] : up,
    down: way === "down" ? [...down, column] : down,
  };
}

export function withLock(rules: Rules, column: string, isLocked: boolean): Rules {
  const rest = rules.locked.filter((name) => name !== column);
  return { ...rules, locked: isLocked ? [...rest, column] : rest };
}

/** The body of the request. */
export function rulesBody(rules: Rules, isNumber: boolean) {
  const { target, least, most, locked, up, down } = rules;
  const hasRange = isNumber && (least !== undefined || most !== undefined);
  const end = (text: string | undefined) => (text === undefined ? null : Number(text));
  const monotone = Object.fromEntries([
    ...up.map((column) => [column, "increase"]),
    ...down.map((column) => [column, "decrease"]),
  ]);
  return {
    ...(hasRange ? { target: [end(least), end(most)] } : {}),
    ...(!isNumber && target !== undefined ? { target } : {}),
    ...(locked.length > 0 ? { immutable: [...locked] } : {}),
    ...(Object.keys(monotone).length > 0 ? { monotone } : {}),
  };
}
