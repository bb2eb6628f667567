/** The conditions of the cohort, each to be taken away. */
import { IconX } from "@tabler/icons-react";
import type { CohortChip } from "@/api/types";
import classes from "@/screens/explore/cohort/Chips.module.css";
import { allOf } from "@/shared/cohortText";
import { IconAction } from "@/shared/IconAction";

interface ChipsProps {
  chips: readonly CohortChip[];
  onGo: (where: string) => void;
}

export function Chips({ chips, onGo }: ChipsProps) {
  if (chips.length === 0) return null;
  const without = (chip: CohortChip) =>
    allOf(...chips.filter((other) => other !== chip).map(({ text }) => text));
  return (
    <ul className={classes.chips} aria-label="Conditions">
      {chips.map((chip) => (
        <li key={chip.text} className={classes.chip}>
          <span className={classes.label} title={chip.sentence}>
            {chip.label}
          </span>
          <IconAction
            size="small"
            label={`Take away: ${chip.label}`}
            onClick={() => onGo(without(chip))}
          >
            <IconX size={13} />
          </IconAction>
        </li>
      ))}
    </ul>
  );
}
