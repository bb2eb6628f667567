/** A chart by Observable Plot, loaded when one is first shown; drawn anew when its width changes. */
import { useElementSize } from "@mantine/hooks";
import type * as Plot from "@observablehq/plot";
import { useEffect, useRef } from "react";
import classes from "@/shared/PlotFigure.module.css";

export type Library = typeof Plot;

interface PlotFigureProps {
  label: string; // what the chart says, for those who don't see it
  height: number;
  draw: (plot: Library, width: number) => Plot.PlotOptions;
}

export function PlotFigure({ label, height, draw }: PlotFigureProps) {
  const { ref: box, width } = useElementSize<HTMLDivElement>();
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let isCurrent = true;
    if (width === 0) return;
    void import("@observablehq/plot").then((plot) => {
      if (!isCurrent || !place.current) return;
      const svg = plot.plot({ width, height, ...draw(plot, width) });
      svg.setAttribute("aria-hidden", "true");
      place.current.replaceChildren(svg);
    });
    return () => {
      isCurrent = false;
    };
  }, [width, height, draw]);

  return (
    <div
      ref={box}
      className={classes.figure}
      role="img"
      aria-label={label}
      style={{ minHeight: height }}
    >
      <div ref={place} />
    </div>
  );
}
