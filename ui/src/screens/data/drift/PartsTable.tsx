/** Effects by part: columns down, windows or groups across; a part is looked at alone by a click. */
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type CSSProperties, useState } from "react";
import type { Drift, DriftPart } from "@/api/types";
import type { Search } from "@/app/address";
import classes from "@/screens/data/drift/Drift.module.css";
import { count, counted, short } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const SHOWN = 12;

export function PartsTable({ found }: { found: Drift }) {
  const [isWhole, setWhole] = useState(false);
  const { parts } = found;
  if (parts.length === 0) return null;
  const names = found.rows
    .map(({ column }) => column)
    .filter((name) => parts.some(({ effects }) => effects.some(({ column }) => column === name)));
  const most = Math.max(
    (found.bound ?? 0) * 3,
    ...parts.flatMap(({ effects }) => effects.map(({ effect }) => effect ?? 0)),
  );
  return (
    <Panel
      title="Part by part"
      says="The effect of each column in each part of the current rows, against the whole reference; what surely drifts is coloured. A part opens by its name."
    >
      <Scroll label="Table of parts">
        <table className={classes.parts}>
          <thead>
            <tr>
              <th scope="col">column ↓ part →</th>
              {parts.map((part) => (
                <th key={part.name} scope="col">
                  <PartLink part={part} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(isWhole ? names : names.slice(0, SHOWN)).map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {parts.map((part) => (
                  <Cell key={part.name} part={part} column={name} most={most} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <MoreButton
        n={names.length}
        shown={SHOWN}
        things="columns"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}

/** Leads to the comparison of this part alone. */
function PartLink({ part }: { part: DriftPart }) {
  return (
    <Link
      to="."
      search={
        ((before: Search) => ({
          ...before,
          where: part.where,
          by: undefined,
          windows: undefined,
        })) as never
      }
      title={`${part.where}; ${counted(part.n, "row")}`}
    >
      {part.name}
      <Text size="xs" className="mp-soft">
        {count(part.n)}
      </Text>
    </Link>
  );
}

interface CellProps {
  part: DriftPart;
  column: string;
  most: number;
}

function Cell({ part, column, most }: CellProps) {
  const found = part.effects.find((item) => item.column === column);
  if (!found) return <td className="mp-soft">–</td>;
  const { effect, low, high, verdict, direction } = found;
  const strength = verdict === "drift" ? Math.min(1, (effect ?? 0) / most) : 0;
  return (
    <td
      data-verdict={verdict}
      style={{ "--strength": strength } as CSSProperties}
      title={`${column} in ${part.name}: ${short(effect)} (${short(low)} – ${short(high)}), ${verdict}${direction ? `, ${direction}` : ""}; ${counted(part.n, "row")}`}
    >
      {verdict === "unsure" ? `${short(effect)} ?` : short(effect)}
    </td>
  );
}
