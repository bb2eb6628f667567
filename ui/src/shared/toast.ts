/** Short messages about what was just done, with a way to take it back. */
import { useSyncExternalStore } from "react";

export interface Toast {
  id: number;
  text: string;
  isFault?: boolean;
  action?: { label: string; run: () => void };
}

const STAYS_MS = 8_000;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

export function toast(message: Omit<Toast, "id">): number {
  last += 1;
  const id = last;
  publish([...toasts.slice(-2), { ...message, id }]);
  setTimeout(() => dismiss(id), STAYS_MS);
  return id;
}

export function dismiss(id: number): void {
  if (toasts.some((item) => item.id === id)) publish(toasts.filter((item) => item.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => toasts);
}

function publish(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
