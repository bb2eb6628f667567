/** Pointer, wheel and keys on the map: move, come nearer, draw a lasso. */
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";
import { moved, type Place, type Viewport, zoomed } from "@/screens/explore/map/viewport";

export type Tool = "lasso" | "move";

interface PointerProps {
  element: RefObject<HTMLElement | null>;
  tool: Tool;
  whole: Viewport;
  setView: (change: (view: Viewport) => Viewport) => void;
  /** A line was drawn, in pixels. */
  onLasso: (line: Place[]) => void;
  onClick: (at: Place) => void;
  onHover: (at: Place | null) => void;
}

const STEP = 40;
const NEARER = 1.3;
const STILL = 4; // pixels that a click may wander

export function usePointer(props: PointerProps) {
  const { element, tool, whole, setView, onLasso, onClick, onHover } = props;
  const start = useRef<Place | null>(null);
  const last = useRef<Place>([0, 0]);
  const [line, setLine] = useState<Place[]>([]);
  const isMoving = useRef(false);

  useEffect(() => {
    const of = element.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault(); // the pane must not scroll; React's listeners cannot say so
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016));
      setView((view) => zoomed(view, factor, [event.offsetX, event.offsetY], whole));
    };
    of?.addEventListener("wheel", wheel, { passive: false });
    return () => of?.removeEventListener("wheel", wheel);
  }, [element, setView, whole]);

  function at(event: PointerEvent<HTMLElement>): Place {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function down(event: PointerEvent<HTMLElement>) {
    if (event.button > 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = last.current = at(event);
    isMoving.current = tool === "move" || event.button === 1 || event.shiftKey;
    onHover(null);
  }

  function move(event: PointerEvent<HTMLElement>) {
    const now = at(event);
    if (!start.current) {
      onHover(now);
      return;
    }
    const [x, y] = last.current;
    last.current = now;
    if (isMoving.current) setView((view) => moved(view, now[0] - x, now[1] - y));
    else
      setLine((before) => (before.length === 0 ? [start.current as Place, now] : [...before, now]));
  }

  function up(event: PointerEvent<HTMLElement>) {
    const from = start.current;
    start.current = null;
    const [x, y] = at(event);
    const isClick = from && Math.hypot(x - from[0], y - from[1]) < STILL && line.length < 12;
    if (isClick) onClick([x, y]);
    else if (line.length > 2) onLasso(line);
    setLine([]);
  }

  function press(event: KeyboardEvent) {
    const middle: Place = [whole.width / 2, whole.height / 2];
    const way = {
      ArrowLeft: [STEP, 0],
      ArrowRight: [-STEP, 0],
      ArrowUp: [0, STEP],
      ArrowDown: [0, -STEP],
    }[event.key];
    const factor = { "+": NEARER, "=": NEARER, "-": 1 / NEARER }[event.key];
    if (way) setView((view) => moved(view, way[0] ?? 0, way[1] ?? 0));
    else if (factor) setView((view) => zoomed(view, factor, middle, whole));
    else if (event.key === "0") setView(() => whole);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    line,
    handlers: {
      onPointerDown: down,
      onPointerMove: move,
      onPointerUp: up,
      onPointerCancel: up,
      onPointerLeave: () => onHover(null),
      onKeyDown: press,
    },
  };
}
