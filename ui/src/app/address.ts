/** The address is the state: every search parameter is a text, or a list of texts. */

export type Search = Record<string, string | string[] | undefined>;

export function parseSearch(text: string): Search {
  const search: Search = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const before = search[key];
    search[key] = before === undefined ? value : [before, value].flat();
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const found = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== null && item !== "") found.append(key, String(item));
    }
  }
  const text = found.toString();
  return text ? `?${text}` : "";
}

/** The parameter as one text; the last where an address has several. */
export function one(search: Search, key: string): string | undefined {
  const value = search[key];
  return Array.isArray(value) ? value.at(-1) : value;
}

/** The parameter as a list; undefined where the address lacks it. */
export function many(search: Search, key: string): string[] | undefined {
  const value = search[key];
  return value === undefined ? undefined : [value].flat();
}
