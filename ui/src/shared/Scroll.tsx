/** Something wide that scrolls sideways in its place; the keyboard reaches it when it does. */
import { type ReactNode, useEffect, useRef, useState } from "react";

export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(false);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setWide(element.scrollWidth > element.clientWidth);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);

  const reach = isWide ? ({ tabIndex: 0, role: "region", "aria-label": label } as const) : {};
  return (
    <div ref={box} className="mp-scroll" data-wide={isWide || undefined} {...reach}>
      {children}
    </div>
  );
}
