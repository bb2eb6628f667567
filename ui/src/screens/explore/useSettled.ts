/** Says when all panels show the cohort and were painted, for tests and measurements. */
import { useEffect } from "react";

/**
 * `<html data-settled>` is the cohort's text once all of it is painted, and the mark
 * `mp-settled` says when; while something is on its way it stays what it was.
 */
export function useSettled(where: string | undefined, isReady: boolean) {
  useEffect(() => {
    if (!isReady || where === undefined) return;
    const frame = requestAnimationFrame(() => {
      document.documentElement.dataset.settled = where;
      performance.mark("mp-settled", { detail: where });
    });
    return () => cancelAnimationFrame(frame);
  }, [where, isReady]);

  useEffect(
    () => () => {
      delete document.documentElement.dataset.settled;
    },
    [],
  );
}
