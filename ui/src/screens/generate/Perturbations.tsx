/** The perturbations that there are for these inputs; several are done one after the other. */
import { Checkbox, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { OfferedPerturbation } from "@/api/types";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/generate/Generate.module.css";
import { Panel } from "@/shared/Panel";

interface PerturbationsProps {
  rows: readonly OfferedPerturbation[];
  chosen: readonly string[];
}

function placeIn(names: readonly string[], name: string): number {
  const at = names.indexOf(name);
  return at < 0 ? names.length : at;
}

const MANY = 12;
const MOST = 10; // at once

export function Perturbations({ rows, chosen }: PerturbationsProps) {
  const { set } = useSearch();
  const [text, setText] = useState("");
  const [first] = useState(chosen); // stand on top, and nothing moves while one ticks
  const wanted = text.trim().toLowerCase();
  const ordered = rows.toSorted((a, b) => placeIn(first, a.name) - placeIn(first, b.name));
  const shown = ordered.filter(
    ({ name, says }) =>
      wanted === "" || `${name} ${says}`.toLowerCase().includes(wanted) || chosen.includes(name),
  );

  function choose(name: string, on: boolean) {
    const by = on ? [...chosen, name] : chosen.filter((item) => item !== name);
    if (by.length > 0 && by.length <= MOST) set({ by, count: undefined });
  }

  return (
    <Panel
      title="Perturbations"
      says="Several are done one after the other, in this order of ticks."
    >
      {rows.length > MANY && (
        <TextInput
          size="xs"
          mb="xs"
          aria-label="Search perturbations"
          placeholder="Search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <ul className={`mp-plain ${classes.list}`}>
        {shown.map((row) => {
          const at = chosen.indexOf(row.name);
          return (
            <li key={row.name}>
              <Checkbox
                size="xs"
                checked={at >= 0}
                onChange={(event) => choose(row.name, event.currentTarget.checked)}
                label={
                  <>
                    <b>{row.name}</b>
                    {at >= 0 && chosen.length > 1 && (
                      <span className={classes.order}>{at + 1}</span>
                    )}
                  </>
                }
                description={<Description row={row} />}
              />
            </li>
          );
        })}
      </ul>
      {shown.length === 0 && <Text size="sm">None is like that.</Text>}
    </Panel>
  );
}

function Description({ row }: { row: OfferedPerturbation }) {
  return (
    <>
      {row.says} {!row.keeps_label && <i>The right answer may change.</i>}
      {row.example && (
        <span className={classes.example}>
          {row.example} → {row.gives}
        </span>
      )}
    </>
  );
}
