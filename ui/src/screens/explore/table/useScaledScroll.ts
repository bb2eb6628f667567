/** The scroll position of a table of any length; see `scaled.ts`. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import {
  rested,
  rowsInView,
  type Scroll,
  scrolled,
  scrolledTo,
  type Track,
} from "@/screens/explore/table/scaled";

const REST_MS = 160;

export interface ScaledScroll {
  track: Track;
  scroll: Scroll;
  onScroll: () => void;
  /** Bring the row into view: at the top, or just so that it is seen. */
  show: (row: number, where?: "top" | "near") => void;
}

export function useScaledScroll(
  element: RefObject<HTMLElement | null>,
  total: number,
  rowHeight: number,
  headHeight: number,
): ScaledScroll {
  const [scroll, setScroll] = useState<Scroll>({ top: 0, offset: 0 });
  const view = useViewHeight(element, headHeight);
  const track = { total, rowHeight, view };
  const latest = useRef({ track, scroll });
  latest.current = { track, scroll };

  const onScroll = useCallback(() => {
    const top = element.current?.scrollTop ?? 0;
    element.current?.toggleAttribute("data-aside", element.current.scrollLeft > 0);
    const { track, scroll } = latest.current;
    if (Math.abs(top - scroll.top) >= 1) setScroll(scrolled(track, scroll, top));
  }, [element]);

  useLayoutEffect(() => {
    const to = element.current;
    if (to && Math.abs(to.scrollTop - scroll.top) >= 1) to.scrollTop = scroll.top;
  }, [element, scroll]);

  useEffect(() => {
    const timer = setTimeout(() => {
      const { track } = latest.current;
      const next = rested(track, scroll);
      if (next.top !== scroll.top || next.offset !== scroll.offset) setScroll(next);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [scroll]);

  const show = useCallback((row: number, where: "top" | "near" = "top") => {
    const { track, scroll } = latest.current;
    const { from, to } = rowsInView(track, scroll, 0);
    const isSeen = row > from && row < to;
    if (where === "near" && isSeen) return;
    const isAbove = where === "top" || row <= from;
    const place = isAbove ? row * track.rowHeight : (row + 1) * track.rowHeight - track.view;
    setScroll(scrolledTo(track, place));
  }, []);

  return { track, scroll, onScroll, show };
}

function useViewHeight(element: RefObject<HTMLElement | null>, headHeight: number): number {
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const of = element.current;
    if (!of) return;
    const measure = () => setHeight(Math.max(60, of.clientHeight - headHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(of);
    return () => observer.disconnect();
  }, [element, headHeight]);
  return height;
}
