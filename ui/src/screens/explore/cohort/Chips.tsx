/** The conditions of the cohort, each to be taken away. */
import { CloseButton, Tooltip } from "@mantine/core";
import type { CohortChip } from "@/api/types";
import classes from "@/screens/explore/cohort/Chips.module.css";
import { allOf } from "@/shared/cohortText";

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
          <Tooltip label={chip.sentence} multiline maw={420}>
            <span className={classes.label}>{chip.label}</span>
          </Tooltip>
          <CloseButton
            size={18}
            iconSize={12}
            aria-label={`Take away: ${chip.label}`}
            onClick={() => onGo(without(chip))}
          />
        </li>
      ))}
    </ul>
  );
}
