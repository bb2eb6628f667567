/** How sure the model is of each class. */
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Example } from "@/api/types";
import classes from "@/screens/row/Probabilities.module.css";
import { cell, count, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const FEW = 8;

export function Probabilities({ example }: { example: Example }) {
  const [isOpen, setOpen] = useState(false);
  const { probabilities, label, prediction } = example;
  if (probabilities.length === 0) return null;
  const shown = probabilities.filter(
    ({ name }, place) => isOpen || place < FEW || name === label || name === prediction,
  );
  const hidden = probabilities.length - shown.length;
  return (
    <Panel title="Probabilities">
      <ul className={classes.list}>
        {shown.map(({ name, value }) => (
          <li
            key={cell(name)}
            className={classes.row}
            data-label={name === label || undefined}
            data-wrong={(name === prediction && example.correct === false) || undefined}
          >
            <span className={classes.name} title={cell(name)}>
              {cell(name)}
              {name === label && <span className={classes.mark}>label</span>}
            </span>
            <span className={classes.track} aria-hidden>
              <i style={{ width: `${100 * (value ?? 0)}%` }} />
            </span>
            <span className={classes.value}>{percent(value)}</span>
          </li>
        ))}
      </ul>
      {(hidden > 0 || isOpen) && (
        <UnstyledButton
          className={classes.more}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? "fewer" : `${count(hidden)} more classes`}
        </UnstyledButton>
      )}
    </Panel>
  );
}
