/** What the points' colours say. */
import type { EmbeddingMap } from "@/api/types";
import { NO_CLASS, type Points, UNKNOWN } from "@/screens/explore/map/points";

export type ColorBy = "error" | "class";

/** Told apart by people of all kinds of sight, on light and dark (after Okabe and Ito, 2008). */
const CLASSES = [
  "#3f7fd1",
  "#e09f1f",
  "#1d9e78",
  "#c45a9a",
  "#7a6be0",
  "#4fb3d9",
  "#b8860b",
  "#8f8f2e",
  "#d46a5f",
  "#5f8f8f",
];
const GREY = "#8b94a3";
const DIM = 22;
const FULL = { few: 230, many: 150 }; // where there are many, their density is seen
const MANY = 4_000;

export interface Key {
  name: string;
  color: string;
}

type Rgb = readonly [number, number, number];

/** Four bytes a point; those that are not chosen are faint. */
export function colorsOf(
  points: Points,
  map: EmbeddingMap,
  by: ColorBy,
  chosen: Uint8Array | null,
): Uint8Array {
  const shades = by === "class" ? classShades(map) : errorShades(map);
  const other = rgb(GREY);
  const full = points.n > MANY ? FULL.many : FULL.few;
  const colors = new Uint8Array(4 * points.n);
  for (let point = 0; point < points.n; point++) {
    const index = (by === "class" ? points.code[point] : points.error[point]) ?? UNKNOWN;
    const shade = shades[index] ?? other;
    colors.set(shade, 4 * point);
    colors[4 * point + 3] = chosen && !chosen[point] ? DIM : full;
  }
  return colors;
}

export function keysOf(map: EmbeddingMap, by: ColorBy): Key[] {
  if (by === "class") {
    const named = map.classes.slice(0, CLASSES.length);
    const keys = named.map((name, place) => ({ name, color: CLASSES[place] ?? GREY }));
    return map.classes.length > named.length ? [...keys, { name: "others", color: GREY }] : keys;
  }
  const [low, high] = [variable("--mp-rows"), variable("--mp-wrong")];
  return map.is_loss
    ? [
        { name: "small loss", color: low },
        { name: "large loss", color: high },
      ]
    : [
        { name: "right", color: low },
        { name: "wrong", color: high },
      ];
}

function classShades(map: EmbeddingMap): readonly (Rgb | undefined)[] {
  const shades: (Rgb | undefined)[] = map.classes.map((_, place) => {
    const color = CLASSES[place];
    return color === undefined ? undefined : rgb(color);
  });
  shades[NO_CLASS] = undefined;
  return shades;
}

/** By the error's byte: wrong or right, or the share of smaller losses. */
function errorShades(map: EmbeddingMap): readonly (Rgb | undefined)[] {
  const [low, high] = [rgb(variable("--mp-rows")), rgb(variable("--mp-wrong"))];
  const most = map.is_loss ? UNKNOWN - 1 : 1;
  return Array.from({ length: most + 1 }, (_, value): Rgb => {
    const share = (value / most) ** 2; // the few with large losses stand out
    const mixed = low.map((from, place) => Math.round(from + share * ((high[place] ?? 0) - from)));
    return mixed as unknown as Rgb;
  });
}

function variable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || GREY;
}

function rgb(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
