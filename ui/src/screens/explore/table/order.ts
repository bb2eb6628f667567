/** What the table is sorted by, as it stands in the address: `loss DESC, Age`. */
import { nameText } from "@/shared/cohortText";

export interface Sorted {
  operand: string;
  isDescending: boolean;
}

const ITEM = /(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^,"'])+/g;
const DIRECTION = /\s+(ASC|DESC)\s*$/i;

export function sortedBy(order: string | undefined): Sorted[] {
  return [...(order ?? "").matchAll(ITEM)].map(([item]) => {
    const direction = DIRECTION.exec(item)?.[1];
    return {
      operand: item.replace(DIRECTION, "").trim(),
      isDescending: direction?.toUpperCase() === "DESC",
    };
  });
}

export function orderText(sorted: readonly Sorted[]): string | undefined {
  const items = sorted.map((item) => (item.isDescending ? `${item.operand} DESC` : item.operand));
  return items.join(", ") || undefined;
}

/** How a column is sorted: 1 upward, -1 downward, 0 not. */
export function directionOf(order: string | undefined, column: string): 1 | -1 | 0 {
  const found = sortedBy(order).find((item) => item.operand === nameText(column));
  return found ? (found.isDescending ? -1 : 1) : 0;
}

/**
 * The order after a click on a header: downward, then upward, then none. With `isMore` the
 * column is sorted by after those that are there.
 */
export function clicked(
  order: string | undefined,
  column: string,
  isMore = false,
): string | undefined {
  const operand = nameText(column);
  const before = sortedBy(order);
  const direction = directionOf(order, column);
  const others = isMore ? before.filter((item) => item.operand !== operand) : [];
  if (direction === 1) return orderText(others);
  const next = { operand, isDescending: direction === 0 };
  if (!isMore || direction === 0) return orderText([...others, next]);
  return orderText(before.map((item) => (item.operand === operand ? next : item)));
}
