/** The code of a screen, loaded when it is first asked for; waits for a server that is gone. */
import { knock, reached, watchReach } from "@/api/client";

const SCREENS = [
  () => import("@/screens/overview/Overview"),
  () => import("@/screens/explore/Explore"),
  () => import("@/screens/row/Row"),
  () => import("@/screens/slices/Slices"),
  () => import("@/screens/priorities/Priorities"),
  () => import("@/screens/tests/Tests"),
  () => import("@/screens/compare/Compare"),
  () => import("@/screens/data/Data"),
  () => import("@/screens/generate/Generate"),
  () => import("@/screens/problems/Problems"),
];

/** Load all screens while nothing else is to do, so that each is there when it is asked for. */
export function loadAhead() {
  const rest = [...SCREENS];
  const next = () => {
    void rest
      .shift()?.()
      .then(() => whenIdle(next))
      .catch(() => undefined);
  };
  setTimeout(() => whenIdle(next), CALM_MS);
}

/** A browser keeps the failure of a module for good: the page begins anew once it can be had. */
export function patient<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    try {
      return await load();
    } catch (error) {
      if (await knock()) throw error;
      await untilReached();
      window.location.reload();
      return new Promise<T>(() => undefined);
    }
  };
}

function untilReached(): Promise<void> {
  return new Promise((resolve) => {
    const stop = watchReach(() => {
      if (!reached()) return;
      stop();
      resolve();
    });
  });
}

const CALM_MS = 2_000; // the first screen comes first
const FIRST_MS = 1_500;

function whenIdle(act: () => void) {
  if ("requestIdleCallback" in window) window.requestIdleCallback(act, { timeout: 10_000 });
  else setTimeout(act, FIRST_MS);
}
