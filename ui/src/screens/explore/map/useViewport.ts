/** The part of the map that is seen; all of it until someone moves it. */
import { useElementSize } from "@mantine/hooks";
import { useCallback, useMemo, useState } from "react";
import { type Bounds, fitted, type Viewport } from "@/screens/explore/map/viewport";

const LEAST = 40;

export function useViewport(bounds: Bounds) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const whole = useMemo(
    () => fitted(bounds, Math.max(width, LEAST), Math.max(height, LEAST)),
    [bounds, width, height],
  );
  const [own, setOwn] = useState<Viewport | null>(null);
  const view = useMemo(
    () => (own ? { ...own, width: whole.width, height: whole.height } : whole),
    [own, whole],
  );
  const setView = useCallback(
    (change: (view: Viewport) => Viewport) => setOwn((before) => change(before ?? whole)),
    [whole],
  );
  const fit = useCallback(() => setOwn(null), []);
  return { ref, whole, view, setView, fit };
}
