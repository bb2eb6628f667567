/** A column's distribution under the conditions of all other columns. */
import { IconChevronRight, IconFilterX } from "@tabler/icons-react";
import { memo, useDeferredValue, useRef } from "react";
import type { CohortChip } from "@/api/types";
import { cleared } from "@/screens/explore/edits";
import classes from "@/screens/explore/panels/DistributionCard.module.css";
import { type BarsOf, Histogram } from "@/screens/explore/panels/Histogram";
import { isOrdered } from "@/screens/explore/panels/shapes";
import { useInView } from "@/screens/explore/panels/useInView";
import { ValueBars } from "@/screens/explore/panels/ValueBars";
import { IconAction } from "@/shared/IconAction";

interface CardProps extends BarsOf {
  /** The conditions of this column. */
  chip: CohortChip | undefined;
  isFolded: boolean;
  onFold: (column: string) => void;
}

/** A card that is out of sight is drawn when those in sight have been. */
export const DistributionCard = memo(function DistributionCard(props: CardProps) {
  const card = useRef<HTMLElement>(null);
  const isInView = useInView(card);
  const later = useDeferredValue(props);
  const { of, chip } = isInView ? props : later;
  return (
    <section
      ref={card}
      className={classes.card}
      data-column={of.column}
      data-filtered={chip ? "" : undefined}
    >
      <Drawn {...(isInView ? props : later)} />
    </section>
  );
});

const Drawn = memo(function Drawn(props: CardProps) {
  const { chip, isFolded, onFold, ...bars } = props;
  const { of, onEdit } = bars;
  const Bars = isOrdered(of) ? Histogram : ValueBars;
  return (
    <>
      <div className={classes.head}>
        <button
          type="button"
          className={classes.name}
          onClick={() => onFold(of.column)}
          aria-expanded={!isFolded}
          title={of.column}
        >
          <IconChevronRight size={13} className={classes.caret} aria-hidden />
          <h3>{of.column}</h3>
        </button>
        {chip && (
          <>
            <span className={classes.chip} title={chip.sentence}>
              {chip.label}
            </span>
            <IconAction
              size="small"
              side="end"
              label={`Take away: ${chip.label}`}
              onClick={() => onEdit(cleared(of.column))}
            >
              <IconFilterX size={14} />
            </IconAction>
          </>
        )}
      </div>
      {!isFolded &&
        (of.label.length > 0 ? (
          <Bars {...bars} />
        ) : (
          <p className={classes.none}>No row has a value.</p>
        ))}
    </>
  );
});
