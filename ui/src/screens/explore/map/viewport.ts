/** What part of the map is seen: from places on it to pixels and back. */

export interface Bounds {
  left: number;
  bottom: number;
  right: number;
  top: number;
}

/** The place in the middle, and pixels per unit of the map. */
export interface Viewport {
  x: number;
  y: number;
  scale: number;
  width: number;
  height: number;
}

export type Place = readonly [x: number, y: number];

const MARGIN = 16;
const CLOSEST = 400; // times closer than all of it

export function fitted(bounds: Bounds, width: number, height: number): Viewport {
  const across = Math.max(bounds.right - bounds.left, 1e-9);
  const up = Math.max(bounds.top - bounds.bottom, 1e-9);
  const scale = Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / up);
  return {
    x: (bounds.left + bounds.right) / 2,
    y: (bounds.bottom + bounds.top) / 2,
    scale: Math.max(scale, 1e-9),
    width,
    height,
  };
}

export function toPixels(view: Viewport, [x, y]: Place): Place {
  return [view.width / 2 + (x - view.x) * view.scale, view.height / 2 - (y - view.y) * view.scale];
}

export function toPlace(view: Viewport, [px, py]: Place): Place {
  return [
    view.x + (px - view.width / 2) / view.scale,
    view.y - (py - view.height / 2) / view.scale,
  ];
}

/** The map nearer or farther, with what is at the pixel staying there. */
export function zoomed(view: Viewport, factor: number, at: Place, whole: Viewport): Viewport {
  const scale = Math.min(Math.max(view.scale * factor, whole.scale / 2), whole.scale * CLOSEST);
  const [x, y] = toPlace(view, at);
  const next = { ...view, scale };
  const [nx, ny] = toPlace(next, at);
  return { ...next, x: view.x + x - nx, y: view.y + y - ny };
}

export function moved(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale };
}

/** The corners of what is seen. */
export function cornersOf(view: Viewport): Place[] {
  const { width, height } = view;
  const pixels: Place[] = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
  return pixels.map((pixel) => toPlace(view, pixel));
}
