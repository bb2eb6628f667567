/** Says when all panels show the cohort, for tests and measurements. */
import { useEffect } from "react";

/**
 * `<html data-settled>` is the cohort's text once all panels show it, to be painted in the frame
 * that follows; while something is on its way it stays what it was. The mark `mp-settled` says
 * when it was painted.
 */
export function useSettled(where: string | undefined, isReady: boolean) {
  useEffect(() => {
    if (!isReady || where === undefined) return;
    document.documentElement.dataset.settled = where;
    requestAnimationFrame(() => {
      setTimeout(() => performance.mark("mp-settled", { detail: where }));
    });
  }, [where, isReady]);

  useEffect(
    () => () => {
      delete document.documentElement.dataset.settled;
    },
    [],
  );
}
