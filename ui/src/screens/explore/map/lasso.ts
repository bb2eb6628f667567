/** A drawn line as a cohort, and back. */
import type { CohortChip } from "@/api/types";
import type { Place } from "@/screens/explore/map/viewport";
import { allOf } from "@/shared/cohortText";

/** Corners that draw a lasso well enough, and keep its cohort short to read. */
export const MOST_CORNERS = 28;
const DIGITS = 4;

/** The line with few corners: those go first whose triangle with their neighbours is smallest. */
export function simplified(line: readonly Place[], most = MOST_CORNERS): Place[] {
  const corners = line.filter(
    (corner, place) => place === 0 || distance(corner, line[place - 1] as Place) > 0,
  );
  while (corners.length > most) {
    let least = 0;
    let smallest = Number.POSITIVE_INFINITY;
    for (let place = 0; place < corners.length; place++) {
      const size = area(
        around(corners, place - 1),
        around(corners, place),
        around(corners, place + 1),
      );
      if (size < smallest) [smallest, least] = [size, place];
    }
    corners.splice(least, 1);
  }
  return corners;
}

/** `inside(x, y, …)`; empty where the line has no inside. */
export function insideText(line: readonly Place[]): string {
  const corners = simplified(line);
  if (corners.length < 3) return "";
  const numbers = corners.flat().map((value) => String(Number(value.toPrecision(DIGITS))));
  return `inside(${numbers.join(", ")})`;
}

const INSIDE = /^inside\(([^()]*)\)$/;

/** The polygons that the cohort's conditions speak of. */
export function polygonsOf(chips: readonly CohortChip[]): Place[][] {
  return chips.flatMap(({ text }) => {
    const found = INSIDE.exec(text)?.[1];
    if (found === undefined) return [];
    const numbers = found.split(",").map(Number);
    const corners: Place[] = [];
    for (let place = 0; place + 1 < numbers.length; place += 2) {
      corners.push([numbers[place] ?? 0, numbers[place + 1] ?? 0]);
    }
    return [corners];
  });
}

/** The cohort with the lasso in the place of an earlier one. */
export function withLasso(chips: readonly CohortChip[], lasso: string): string {
  const others = chips.map(({ text }) => text).filter((text) => !INSIDE.test(text));
  return allOf(...others, lasso);
}

function around(corners: readonly Place[], place: number): Place {
  return corners[(place + corners.length) % corners.length] as Place;
}

function area(a: Place, b: Place, c: Place): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
