/** The figures of the bar that is pointed at. */
import { useLayoutEffect, useRef } from "react";
import type { Distribution } from "@/api/types";
import classes from "@/screens/explore/panels/BarTip.module.css";
import { labelOf, rateText, rateWords } from "@/screens/explore/panels/says";
import { type Pointed, usePointed } from "@/screens/explore/panels/tip";
import { count, counted } from "@/shared/format";

interface BarTipProps {
  distributions: readonly Distribution[];
  measure: string;
}

const AWAY = 8;

export function BarTip({ distributions, measure }: BarTipProps) {
  const pointed = usePointed();
  const of = pointed && distributions.find(({ column }) => column === pointed.column);
  if (!pointed || !of || of.label[pointed.bar] === undefined) return null;
  return <Tip pointed={pointed} of={of} measure={measure} />;
}

function Tip({ pointed, of, measure }: { pointed: Pointed; of: Distribution; measure: string }) {
  const { bar, box } = pointed;
  const ref = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const tip = ref.current;
    if (!tip) return;
    const [left, top] = placeOf(box, tip.offsetWidth, tip.offsetHeight);
    tip.style.transform = `translate(${left}px, ${top}px)`;
  }, [box]);

  return (
    <div ref={ref} className={classes.tip} aria-hidden>
      <div className={classes.label}>{labelOf(of, bar)}</div>
      <div>
        {count(of.n[bar])} <span className={classes.soft}>of {counted(of.all[bar], "row")}</span>
      </div>
      {measure !== "" && (of.n[bar] ?? 0) > 0 && (
        <div>
          <span className="mp-wrong">
            {rateText(of.rate[bar], measure)} {rateWords(measure)}
          </span>{" "}
          <span className={classes.soft}>
            {rateText(of.rate_low[bar], measure)} – {rateText(of.rate_high[bar], measure)}
          </span>
        </div>
      )}
      {of.is_partly[bar] && <div className={classes.soft}>some of its rows are selected</div>}
    </div>
  );
}

const ROW = 160; // a bar so wide is a row of a list

/** Beside a row of a list, below or above a bar of a histogram; always in the window. */
function placeOf(box: DOMRect, width: number, height: number): [left: number, top: number] {
  const [mostLeft, mostTop] = [
    window.innerWidth - width - AWAY,
    window.innerHeight - height - AWAY,
  ];
  const beside = box.right + 2 * AWAY;
  if (box.width > ROW && beside <= mostLeft) {
    return [beside, Math.max(AWAY, Math.min(box.top + box.height / 2 - height / 2, mostTop))];
  }
  const middle = box.left + box.width / 2 - width / 2;
  const below = box.bottom + AWAY;
  const left = Math.max(AWAY, Math.min(middle, mostLeft));
  return [left, below <= mostTop ? below : box.top - AWAY - height];
}
