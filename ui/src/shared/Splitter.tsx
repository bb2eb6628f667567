/** The line between two panes: dragged, or moved by the arrow keys. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import classes from "@/shared/Splitter.module.css";

interface SplitterProps {
  label: string;
  width: number;
  min: number;
  max: number;
  /** Whether the pane that has the width is at the right of the line. */
  isReversed?: boolean;
  onChange: (width: number) => void;
}

const STEP = 24;

export function Splitter({ label, width, min, max, isReversed = false, onChange }: SplitterProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const sign = isReversed ? -1 : 1;
  const change = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))));

  function down(event: PointerEvent<HTMLDivElement>) {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  }

  function move(event: PointerEvent<HTMLDivElement>) {
    if (start.current) change(start.current.width + sign * (event.clientX - start.current.x));
  }

  function press(event: KeyboardEvent) {
    const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    change(width + sign * way);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that can be moved is no <hr>
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={classes.line}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        start.current = null;
      }}
      onKeyDown={press}
    />
  );
}
