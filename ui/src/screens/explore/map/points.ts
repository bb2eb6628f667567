/** The points of a map as arrays, and which of them a cohort has. */
import type { EmbeddingMap, RowMask } from "@/api/types";

export interface Points {
  n: number;
  row: Uint32Array;
  x: Uint16Array;
  y: Uint16Array;
  error: Uint8Array;
  code: Uint16Array;
}

export const STEPS = 65_535;
export const UNKNOWN = 255;
export const NO_CLASS = 65_535;

/** Arrays of whole numbers, as the server packs them: base64, lowest byte first. */
export function pointsOf(map: EmbeddingMap): Points {
  return {
    n: map.drawn,
    row: new Uint32Array(bytesOf(map.row).buffer),
    x: new Uint16Array(bytesOf(map.x).buffer),
    y: new Uint16Array(bytesOf(map.y).buffer),
    error: bytesOf(map.error),
    code: new Uint16Array(bytesOf(map.code).buffer),
  };
}

/** 1 for each point whose row the mask has. */
export function chosenOf(points: Points, mask: RowMask): Uint8Array {
  const bits = bytesOf(mask.bits);
  const chosen = new Uint8Array(points.n);
  for (let point = 0; point < points.n; point++) {
    const row = points.row[point] ?? 0;
    chosen[point] = ((bits[row >> 3] ?? 0) >> (row & 7)) & 1;
  }
  return chosen;
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place++) bytes[place] = text.charCodeAt(place);
  return bytes;
}
