/** Bars as a list box: clicks, a drag over neighbours, and the keyboard. */
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useId,
  useRef,
  useState,
} from "react";
import type { Distribution } from "@/api/types";
import { cleared, clickedBar, draggedBars, type Edit } from "@/screens/explore/edits";
import { barSays } from "@/screens/explore/panels/says";
import { point, pointAt } from "@/screens/explore/panels/tip";

interface BarsProps {
  of: Distribution;
  measure: string;
  onEdit: (edit: Edit) => void;
  /** Which bar is at a place on the screen; without it bars cannot be dragged over. */
  barAt?: (event: PointerEvent<HTMLElement>) => number;
  /** Bars that are drawn, if not all. */
  shown?: readonly number[];
}

type Range = readonly [number, number];

export function useBars({ of, measure, onEdit, barAt, shown }: BarsProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const from = useRef<number | null>(null);
  const wasDragged = useRef(false);
  const [active, setActive] = useState(-1);
  const [brush, setBrush] = useState<Range | null>(null);
  const places = shown ?? of.label.map((_, bar) => bar);

  function click(event: MouseEvent<HTMLElement>) {
    const was = wasDragged.current;
    wasDragged.current = false;
    const bar = (event.target as Element).closest<HTMLElement>("[data-bar]")?.dataset.bar;
    if (was || bar === undefined) return;
    onEdit(clickedBar(of, Number(bar), isMore(event)));
  }

  function down(event: PointerEvent<HTMLElement>) {
    wasDragged.current = false;
    if (event.button === 0 && barAt) from.current = barAt(event);
  }

  function move(event: PointerEvent<HTMLElement>) {
    if (from.current === null || !barAt) return;
    const to = barAt(event);
    if (to === from.current && !brush) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (!brush || brush[1] !== to) setBrush([from.current, to]);
  }

  function up(event: PointerEvent<HTMLElement>) {
    if (brush) {
      wasDragged.current = true;
      onEdit(draggedBars(of, brush[0], brush[1], isMore(event)));
    }
    cancel();
  }

  function cancel() {
    from.current = null;
    setBrush(null);
  }

  function activate(next: number) {
    setActive(next);
    pointAt(list.current?.querySelector(`[data-bar="${next}"]`) ?? null);
  }

  function press(event: KeyboardEvent<HTMLElement>) {
    const at = Math.max(0, places.indexOf(active));
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 };
    const ends = { Home: 0, End: places.length - 1 };
    const to = { ...next, ...ends }[event.key];
    if (to !== undefined) {
      const bar = places[Math.max(0, Math.min(to, places.length - 1))] ?? 0;
      if (event.shiftKey && barAt) setBrush([brush?.[0] ?? active, bar]);
      else setBrush(null);
      activate(bar);
    } else if (event.key === "Enter" || event.key === " ") {
      onEdit(brush ? draggedBars(of, ...brush, false) : clickedBar(of, active, isMore(event)));
      setBrush(null);
    } else if (event.key === "Escape" && (brush || of.is_selected.includes(true))) {
      if (!brush) onEdit(cleared(of.column));
      setBrush(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function focus() {
    const chosen = of.is_selected.indexOf(true);
    if (active < 0 || active >= of.label.length) setActive(chosen < 0 ? (places[0] ?? 0) : chosen);
  }

  const isBrushed = (bar: number) =>
    brush !== null && bar >= Math.min(...brush) && bar <= Math.max(...brush);

  return {
    list: {
      ref: list,
      role: "listbox",
      "aria-multiselectable": true,
      "aria-label": of.column,
      "aria-activedescendant": active >= 0 ? `${id}${active}` : undefined,
      tabIndex: 0,
      onClick: click,
      onPointerDown: down,
      onPointerMove: move,
      onPointerUp: up,
      onPointerCancel: cancel,
      onKeyDown: press,
      onFocus: focus,
      onBlur: () => point(null),
    } as const,
    option: (bar: number) =>
      ({
        id: `${id}${bar}`,
        role: "option",
        "aria-selected": of.is_selected[bar] ?? false,
        "aria-label": barSays(of, bar, measure),
        "data-bar": bar,
        "data-active": bar === active || undefined,
        "data-brushed": isBrushed(bar) || undefined,
      }) as const,
  };
}

function isMore(event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): boolean {
  return event.shiftKey || event.ctrlKey || event.metaKey;
}
