/** Which bar the pointer or the keyboard is at; apart from the panels, which need not know. */
import { useSyncExternalStore } from "react";

export interface Pointed {
  column: string;
  bar: number;
  box: DOMRect;
}

let pointed: Pointed | null = null;
const listeners = new Set<() => void>();

export function point(next: Pointed | null): void {
  if (next === pointed) return;
  pointed = next;
  for (const listener of listeners) listener();
}

/** Point at the bar that the element is part of, if it is part of one. */
export function pointAt(target: EventTarget | null): void {
  const bar = target instanceof Element ? target.closest<HTMLElement>("[data-bar]") : null;
  const column = bar?.closest<HTMLElement>("[data-column]")?.dataset.column;
  if (!bar || column === undefined) point(null);
  else point({ column, bar: Number(bar.dataset.bar), box: bar.getBoundingClientRect() });
}

export function usePointed(): Pointed | null {
  return useSyncExternalStore(subscribe, () => pointed);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
