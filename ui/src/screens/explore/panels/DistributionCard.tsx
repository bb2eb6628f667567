/** A column's distribution under the conditions of all other columns. */
import { IconChevronRight, IconFilterX } from "@tabler/icons-react";
import { memo } from "react";
import type { CohortChip } from "@/api/types";
import { cleared } from "@/screens/explore/edits";
import classes from "@/screens/explore/panels/DistributionCard.module.css";
import { type BarsOf, Histogram } from "@/screens/explore/panels/Histogram";
import { isOrdered } from "@/screens/explore/panels/shapes";
import { ValueBars } from "@/screens/explore/panels/ValueBars";
import { IconAction } from "@/shared/IconAction";

interface CardProps extends BarsOf {
  /** The conditions of this column. */
  chip: CohortChip | undefined;
  isFolded: boolean;
  onFold: (column: string) => void;
}

export const DistributionCard = memo(function DistributionCard(props: CardProps) {
  const { chip, isFolded, onFold, ...bars } = props;
  const { of, onEdit } = bars;
  const Bars = isOrdered(of) ? Histogram : ValueBars;
  return (
    <section className={classes.card} data-column={of.column} data-filtered={chip ? "" : undefined}>
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
    </section>
  );
});
