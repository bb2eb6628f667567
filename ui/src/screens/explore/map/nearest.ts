/** The point nearest to a place, found in a grid of cells. */
import { type Points, STEPS } from "@/screens/explore/map/points";

const CELLS = 128;

export interface Grid {
  /** Where each cell's points begin in `order`. */
  start: Uint32Array;
  order: Uint32Array;
}

export function gridOf({ n, x, y }: Points): Grid {
  const start = new Uint32Array(CELLS * CELLS + 1);
  const cells = new Uint32Array(n);
  for (let point = 0; point < n; point++) {
    const cell = cellAt(x[point] ?? 0) + CELLS * cellAt(y[point] ?? 0);
    cells[point] = cell;
    start[cell + 1] = (start[cell + 1] ?? 0) + 1;
  }
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    start[cell + 1] = (start[cell + 1] ?? 0) + (start[cell] ?? 0);
  }
  const next = start.slice(0, -1);
  const order = new Uint32Array(n);
  for (let point = 0; point < n; point++) {
    const cell = cells[point] ?? 0;
    const place = next[cell] ?? 0;
    order[place] = point;
    next[cell] = place + 1;
  }
  return { start, order };
}

/** The nearest point at most `reach` away, in steps; -1 where there is none. */
export function nearest(
  points: Points,
  grid: Grid,
  [x, y]: readonly [number, number],
  [reachX, reachY]: readonly [number, number],
): number {
  let best = -1;
  let least = 1; // of the squared distance, in reaches
  const [left, right] = [cellAt(x - reachX), cellAt(x + reachX)];
  const [low, high] = [cellAt(y - reachY), cellAt(y + reachY)];
  for (let row = low; row <= high; row++) {
    for (let column = left; column <= right; column++) {
      const cell = column + CELLS * row;
      const end = grid.start[cell + 1] ?? 0;
      for (let place = grid.start[cell] ?? 0; place < end; place++) {
        const point = grid.order[place] ?? 0;
        const dx = ((points.x[point] ?? 0) - x) / reachX;
        const dy = ((points.y[point] ?? 0) - y) / reachY;
        const far = dx * dx + dy * dy;
        if (far < least) [least, best] = [far, point];
      }
    }
  }
  return best;
}

function cellAt(step: number): number {
  const cell = Math.floor((step / (STEPS + 1)) * CELLS);
  return Math.max(0, Math.min(CELLS - 1, cell));
}
