/** The keyboard of the table: j and k anywhere on the screen, arrows where the table has focus. */
import { type KeyboardEvent, type RefObject, useEffect } from "react";
import { isTyping } from "@/app/Shortcuts";

export interface RowActions {
  total: number;
  /** Rows in view, for a page up or down. */
  page: number;
  current: number;
  goTo: (position: number) => void;
  open: (position: number) => void;
  mark: (position: number, isRange: boolean) => void;
  tag: () => void;
}

export function useRowKeys(grid: RefObject<HTMLElement | null>, actions: RowActions) {
  const { current, goTo, mark, tag } = actions;

  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === "j" || key === "k") {
        grid.current?.focus({ preventScroll: true });
        goTo(current + (key === "j" ? 1 : -1));
      } else if (key === "x" && current >= 0) mark(current, event.shiftKey);
      else if (key === "t") tag();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [grid, current, goTo, mark, tag]);

  return (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const { total, page, open } = actions;
    const to = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: total - 1,
    }[event.key];
    if (to !== undefined) goTo(to);
    else if (event.key === "Enter" && current >= 0) open(current);
    else if (event.key === " " && current >= 0) mark(current, event.shiftKey);
    else return;
    event.preventDefault();
  };
}
