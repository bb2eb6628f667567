/** Clicks on bars as changes of the cohort, which the server makes. */
import type { Distribution } from "@/api/types";

export interface Edit {
  column: string;
  codes: readonly number[];
  mode: "replace" | "add" | "clear";
}

/** All codes of the bars from one to another. */
export function codesOf(of: Distribution, from: number, to = from): number[] {
  const codes: number[] = [];
  for (let bar = Math.min(from, to); bar <= Math.max(from, to); bar++) {
    const first = of.first[bar] ?? 0;
    const last = of.last[bar] ?? -1;
    for (let code = first; code <= last; code++) codes.push(code);
  }
  return codes;
}

export function cleared(column: string): Edit {
  return { column, codes: [], mode: "clear" };
}

/** A click takes the bar alone, or lets go of it; with a key held it is added or taken away. */
export function clickedBar(of: Distribution, bar: number, isMore: boolean): Edit {
  const { column } = of;
  const others = of.is_selected.flatMap((is, place) => (is && place !== bar ? [place] : []));
  const isOn = of.is_selected[bar] && !of.is_partly[bar];
  if (isOn && others.length === 0) return cleared(column);
  if (!isMore) return { column, codes: codesOf(of, bar), mode: "replace" };
  if (!isOn) return { column, codes: codesOf(of, bar), mode: "add" };
  return { column, codes: others.flatMap((other) => codesOf(of, other)), mode: "replace" };
}

/** All bars from one to another, as after a drag. */
export function draggedBars(of: Distribution, from: number, to: number, isMore: boolean): Edit {
  return { column: of.column, codes: codesOf(of, from, to), mode: isMore ? "add" : "replace" };
}
