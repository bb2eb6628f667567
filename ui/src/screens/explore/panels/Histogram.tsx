/** Bars side by side on a scale: the whole pale, the selection above it, error rates as dots. */
import { memo, type PointerEvent } from "react";
import type { Distribution } from "@/api/types";
import type { Edit } from "@/screens/explore/edits";
import classes from "@/screens/explore/panels/Histogram.module.css";
import {
  barsPath,
  HEIGHT,
  heights,
  rateHeight,
  ratePaths,
  type Scaling,
  slots,
} from "@/screens/explore/panels/shapes";
import { useBars } from "@/screens/explore/panels/useBars";

export interface BarsOf {
  of: Distribution;
  scaling: Scaling;
  /** End of the scale of error rates, the rate of the selection, and what it is. */
  top: number;
  overall: number | null;
  measure: string;
  onEdit: (edit: Edit) => void;
}

export const Histogram = memo(function Histogram(props: BarsOf) {
  const { of, scaling, top, overall, measure, onEdit } = props;
  const { x, used, width } = slots(of);
  const { all, n } = heights(of, scaling);
  const isFiltered = of.is_selected.includes(true);
  const rates = ratePaths(of, x, top);
  const line = rateHeight(overall, top);
  const bars = useBars({ of, measure, onEdit, barAt: (event) => barAt(event, x, used) });
  return (
    <>
      <div className={classes.plot} data-filtered={isFiltered || undefined}>
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
          <path className={classes.all} d={barsPath(all, x, "all")} />
          <path className={classes.n} d={barsPath(n, x, "n", (bar) => !of.is_selected[bar])} />
          <path
            className={classes.selected}
            d={barsPath(n, x, "n", (bar) => of.is_selected[bar] ?? false)}
          />
          {measure !== "" && (
            <>
              {line !== null && <path className={classes.overall} d={`M0 ${line}H${width}`} />}
              <path className={classes.whiskers} d={rates.whiskers} />
              <path className={classes.dots} d={rates.dots} />
            </>
          )}
        </svg>
        <div className={classes.hits} style={{ width: `${(100 * used) / width}%` }} {...bars.list}>
          {of.label.map((label, bar) => (
            <div
              key={label}
              className={classes.hit}
              data-missing={of.is_missing[bar] || undefined}
              {...bars.option(bar)}
            />
          ))}
        </div>
      </div>
      <Axis of={of} />
    </>
  );
});

function Axis({ of }: { of: Distribution }) {
  const hasMissing = of.is_missing.at(-1) ?? false;
  const last = of.label.length - (hasMissing ? 2 : 1);
  const [low, high] = [endOf(of.label[0], 0), endOf(of.label[last], 1)];
  return (
    <div className={classes.axis} aria-hidden>
      {last >= 0 && <span>{low}</span>}
      {last > 0 && <span className={classes.right}>{high}</span>}
      {hasMissing && <span className={classes.missing}>∅</span>}
    </div>
  );
}

/** The lower or upper end of "12 to 15". */
function endOf(label: string | undefined, end: 0 | 1): string {
  const parts = (label ?? "").split(" to ");
  return (end ? parts.at(-1) : parts[0]) ?? "";
}

function barAt(event: PointerEvent<HTMLElement>, x: readonly number[], width: number): number {
  const box = event.currentTarget.getBoundingClientRect();
  const place = ((event.clientX - box.left) / box.width) * width;
  const after = x.findIndex((left) => left > place);
  return Math.max(0, (after < 0 ? x.length : after) - 1);
}
