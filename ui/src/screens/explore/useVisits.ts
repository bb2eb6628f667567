/** Undo and redo of the cohort. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { isTyping } from "@/app/Shortcuts";
import { begun, redone, undone, type Visits, visited } from "@/screens/explore/history";

export interface UndoRedo {
  undo: (() => void) | undefined;
  redo: (() => void) | undefined;
}

/** `where` is canonical, so that the same cohort in other words is no step; undefined at first. */
export function useVisits(where: string | undefined, go: (where: string) => void): UndoRedo {
  const [visits, setVisits] = useState<Visits | null>(null);
  const seen = where === undefined ? visits : visits ? visited(visits, where) : begun(where);
  if (seen !== visits) setVisits(seen);

  const canUndo = (visits?.past.length ?? 0) > 0;
  const canRedo = (visits?.future.length ?? 0) > 0;
  const undo = useCallback(() => {
    if (visits) go(undone(visits).now);
  }, [go, visits]);
  const redo = useCallback(() => {
    if (visits) go(redone(visits).now);
  }, [go, visits]);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event)) return;
      const key = event.key.toLowerCase();
      const isRedo = key === "y" || (key === "z" && event.shiftKey);
      if (key !== "z" && !isRedo) return;
      event.preventDefault();
      if (isRedo ? canRedo : canUndo) (isRedo ? redo : undo)();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [undo, redo, canUndo, canRedo]);

  return useMemo(
    () => ({ undo: canUndo ? undo : undefined, redo: canRedo ? redo : undefined }),
    [undo, redo, canUndo, canRedo],
  );
}
