import { describe, expect, it } from "vitest";
import type { CohortChip, EmbeddingMap, RowMask } from "@/api/types";
import { insideText, polygonsOf, simplified, withLasso } from "@/screens/explore/map/lasso";
import { gridOf, nearest } from "@/screens/explore/map/nearest";
import { bytesOf, chosenOf, type Points, pointsOf } from "@/screens/explore/map/points";
import {
  fitted,
  moved,
  type Place,
  toPixels,
  toPlace,
  zoomed,
} from "@/screens/explore/map/viewport";

function base64(array: Uint8Array | Uint16Array | Uint32Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(array.buffer)));
}

const chip = (text: string) => ({ text }) as CohortChip;

describe("points", () => {
  const map = {
    drawn: 3,
    row: base64(new Uint32Array([0, 9, 70_000])),
    x: base64(new Uint16Array([0, 300, 65_535])),
    y: base64(new Uint16Array([1, 2, 3])),
    error: base64(new Uint8Array([0, 1, 255])),
    code: base64(new Uint16Array([0, 1, 65_535])),
  } as EmbeddingMap;

  it("are unpacked", () => {
    const points = pointsOf(map);
    expect([...points.row]).toEqual([0, 9, 70_000]);
    expect([...points.x]).toEqual([0, 300, 65_535]);
    expect([...points.error]).toEqual([0, 1, 255]);
  });

  it("are chosen by a mask", () => {
    const bits = new Uint8Array(8_751);
    bits[1] = 0b10; // row 9
    const mask = { bits: base64(bits) } as RowMask;
    expect(bytesOf(mask.bits)).toEqual(bits);
    expect([...chosenOf(pointsOf(map), mask)]).toEqual([0, 1, 0]);
  });
});

describe("the nearest point", () => {
  const points = {
    n: 3,
    x: new Uint16Array([100, 30_000, 65_535]),
    y: new Uint16Array([100, 30_000, 65_535]),
  } as Points;
  const grid = gridOf(points);

  it.each([
    [30_050, 29_950, 1],
    [65_000, 65_000, 2],
    [0, 0, 0],
    [10_000, 10_000, -1],
  ])("to %i, %i is %i", (x, y, point) => {
    expect(nearest(points, grid, [x, y], [1_000, 1_000])).toBe(point);
  });
});

describe("the viewport", () => {
  const whole = fitted({ left: 0, bottom: 0, right: 100, top: 50 }, 332, 200);

  it("shows all of it", () => {
    expect(whole.scale).toBe(3);
    expect(toPixels(whole, [0, 25])).toEqual([16, 100]);
  });

  it("comes back from pixels", () => {
    const view = moved(zoomed(whole, 3, [40, 70], whole), 13, -5);
    const [x, y] = toPlace(view, toPixels(view, [12, 34]));
    expect(x).toBeCloseTo(12);
    expect(y).toBeCloseTo(34);
  });

  it("keeps what is under the pointer", () => {
    const before = toPlace(whole, [40, 70]);
    const after = toPlace(zoomed(whole, 5, [40, 70], whole), [40, 70]);
    expect(after[0]).toBeCloseTo(before[0]);
    expect(after[1]).toBeCloseTo(before[1]);
  });
});

describe("a lasso", () => {
  const circle = Array.from({ length: 500 }, (_, step): Place => {
    const angle = (2 * Math.PI * step) / 500;
    return [50 + 10 * Math.cos(angle), 50 + 10 * Math.sin(angle)];
  });

  it("has few corners", () => {
    const corners = simplified(circle);
    expect(corners).toHaveLength(28);
    for (const [x, y] of corners) expect(Math.hypot(x - 50, y - 50)).toBeCloseTo(10);
  });

  it("is a cohort", () => {
    const triangle: Place[] = [
      [0, 0],
      [1, 0],
      [1, 0],
      [0.5, 1.23456789],
    ];
    expect(insideText(triangle)).toBe("inside(0, 0, 1, 0, 0.5, 1.235)");
    expect(insideText(triangle.slice(0, 3))).toBe("");
  });

  it("is read from the conditions, and replaced", () => {
    const chips = [chip("age > 4"), chip("inside(0, 0, 1, 0, 0.5, 1)")];
    expect(polygonsOf(chips)).toEqual([
      [
        [0, 0],
        [1, 0],
        [0.5, 1],
      ],
    ]);
    expect(withLasso(chips, "inside(2, 2, 3, 2, 3, 3)")).toBe(
      "(age > 4) AND (inside(2, 2, 3, 2, 3, 3))",
    );
  });
});
