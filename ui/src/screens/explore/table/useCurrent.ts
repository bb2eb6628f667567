/** The row that the keyboard is at, and ways to another one. */
import { useCallback, useEffect, useState } from "react";

/** Told with the position of a row that is to be shown. */
export const GO_TO_ROW = "mp-go-to-row";

interface CurrentProps {
  /** Stands for the rows: others begin at `start`. */
  key: string;
  start: number;
  total: number;
  show: (row: number, where?: "top" | "near") => void;
}

export function useCurrent({ key, start, total, show }: CurrentProps) {
  const [current, setCurrent] = useState(-1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the rows
  useEffect(() => {
    show(start);
    setCurrent(start > 0 ? start : -1);
  }, [key]);

  const goTo = useCallback(
    (position: number) => {
      const next = Math.max(0, Math.min(position, total - 1));
      setCurrent(next);
      show(next, "near");
    },
    [show, total],
  );

  const jumpTo = useCallback(
    (position: number) => {
      setCurrent(position);
      show(position);
    },
    [show],
  );

  useEffect(() => {
    const jump = (event: Event) => jumpTo(Number((event as CustomEvent).detail));
    window.addEventListener(GO_TO_ROW, jump);
    return () => window.removeEventListener(GO_TO_ROW, jump);
  }, [jumpTo]);

  return { current, setCurrent, goTo, jumpTo };
}
