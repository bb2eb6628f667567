/** The cohorts that were looked at, for undo and redo; a new one forgets those that were undone. */

export interface Visits {
  past: readonly string[];
  now: string;
  future: readonly string[];
}

const MOST = 200;

export function begun(where: string): Visits {
  return { past: [], now: where, future: [] };
}

/** After the address said another cohort; going back in the browser is an undo. */
export function visited(before: Visits, where: string): Visits {
  if (where === before.now) return before;
  if (where === before.past.at(-1)) return undone(before);
  if (where === before.future[0]) return redone(before);
  return { past: [...before.past, before.now].slice(-MOST), now: where, future: [] };
}

export function undone({ past, now, future }: Visits): Visits {
  const last = past.at(-1);
  if (last === undefined) return { past, now, future };
  return { past: past.slice(0, -1), now: last, future: [now, ...future] };
}

export function redone({ past, now, future }: Visits): Visits {
  const [next, ...rest] = future;
  if (next === undefined) return { past, now, future };
  return { past: [...past, now], now: next, future: rest };
}
