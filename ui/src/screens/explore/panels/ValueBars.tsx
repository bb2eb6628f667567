/** Values under one another, each with its bar, its error rate and the interval of that. */
import { type CSSProperties, memo, useState } from "react";
import type { Distribution } from "@/api/types";
import type { BarsOf } from "@/screens/explore/panels/Histogram";
import { labelOf, rateText } from "@/screens/explore/panels/says";
import { heights } from "@/screens/explore/panels/shapes";
import { useBars } from "@/screens/explore/panels/useBars";
import classes from "@/screens/explore/panels/ValueBars.module.css";
import { count, counted } from "@/shared/format";

const FEW = 6;
const LONG = 15; // characters of a label that needs more room

export const ValueBars = memo(function ValueBars(props: BarsOf) {
  const { of, scaling, top, overall, measure, onEdit } = props;
  const [isOpen, setOpen] = useState(false);
  const { all, n } = heights(of, scaling);
  const shown = shownBars(of, isOpen);
  const bars = useBars({ of, measure, onEdit, shown });
  const style = { "--overall": share((overall ?? 0) / top) } as CSSProperties;
  return (
    <>
      <div
        className={classes.list}
        data-filtered={of.is_selected.includes(true) || undefined}
        data-rated={measure !== "" || undefined}
        data-long={of.label.some((label) => label.length > LONG) || undefined}
        style={style}
        {...bars.list}
      >
        {shown.map((bar) => (
          <div key={of.label[bar]} className={classes.row} {...bars.option(bar)}>
            <span className={classes.label}>{labelOf(of, bar)}</span>
            <span className={classes.track}>
              <i className={classes.all} style={{ width: share(all[bar]) }} />
              <i className={classes.n} style={{ width: share(n[bar]) }} />
            </span>
            {measure !== "" && <Rate of={of} bar={bar} top={top} measure={measure} />}
          </div>
        ))}
      </div>
      <More of={of} hidden={of.label.length - shown.length} isOpen={isOpen} onToggle={setOpen} />
    </>
  );
});

function Rate({ of, bar, top, measure }: Pick<BarsOf, "of" | "top" | "measure"> & { bar: number }) {
  if ((of.n[bar] ?? 0) === 0) return <span className={classes.none}>no rows</span>;
  const low = (of.rate_low[bar] ?? 0) / top;
  const high = (of.rate_high[bar] ?? 0) / top;
  return (
    <>
      <span className={classes.rate}>
        <i className={classes.whisker} style={{ left: share(low), right: share(1 - high) }} />
        <i className={classes.dot} style={{ left: share((of.rate[bar] ?? 0) / top) }} />
      </span>
      <span className={classes.figure}>{rateText(of.rate[bar], measure)}</span>
    </>
  );
}

interface MoreProps {
  of: Distribution;
  hidden: number;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
}

function More({ of, hidden, isOpen, onToggle }: MoreProps) {
  if (hidden === 0 && !isOpen && of.more === 0) return null;
  return (
    <div className={classes.more}>
      {(hidden > 0 || isOpen) && (
        <button
          type="button"
          className={classes.toggle}
          onClick={() => onToggle(!isOpen)}
          aria-expanded={isOpen}
        >
          {isOpen ? "fewer" : `${count(hidden)} more`}
        </button>
      )}
      {of.more > 0 && (
        <span>
          {count(of.more)} rarer values, {counted(of.more_n, "row")}
        </span>
      )}
    </div>
  );
}

/** The most frequent values, and those that are selected. */
function shownBars(of: Distribution, isOpen: boolean): number[] {
  const places = of.label.map((_, bar) => bar);
  if (isOpen || places.length <= FEW + 1) return places;
  return places.filter((bar) => bar < FEW || of.is_selected[bar]);
}

function share(value: number | undefined): string {
  return `${(100 * Math.max(0, Math.min(value ?? 0, 1))).toFixed(2)}%`;
}
