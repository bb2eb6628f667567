/** Whether an element can be seen, or nearly. */
import { type RefObject, useEffect, useState } from "react";

const NEAR = "120px";

export function useInView(ref: RefObject<Element | null>): boolean {
  const [isInView, setInView] = useState(true);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const watch = new IntersectionObserver(
      (seen) => setInView(seen.at(-1)?.isIntersecting ?? true),
      { rootMargin: NEAR },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, [ref]);
  return isInView;
}
