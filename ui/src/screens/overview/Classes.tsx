/** Precision, recall and F1 of each class; a click on a head sorts. */
import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useState } from "react";
import type { ClassRow } from "@/api/types";
import classes from "@/screens/overview/Overview.module.css";
import { Estimate } from "@/shared/Estimate";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, percent, short } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { isClass } from "@/shared/values";

type Key = "label" | "support" | "precision" | "recall" | "f1";
const HEADS: [Key, string][] = [
  ["label", "Class"],
  ["support", "Rows"],
  ["precision", "Precision"],
  ["recall", "Recall"],
  ["f1", "F1"],
];
const SHOWN = 12;

export function Classes({ rows }: { rows: readonly ClassRow[] }) {
  const [[key, isDown], setSort] = useState<[Key, boolean]>(["recall", false]);
  const [isWhole, setWhole] = useState(false);
  const sorted = [...rows].sort((a, b) => (isDown ? -1 : 1) * compared(a[key], b[key]));
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  return (
    <Panel title="Classes" says="Each class against all others, with 95 % intervals.">
      <div className={classes.table}>
        <Table verticalSpacing={6} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              {HEADS.map(([name, title]) => (
                <Table.Th key={name} aria-sort={name === key ? sortOf(isDown) : "none"}>
                  <UnstyledButton
                    fz="sm"
                    fw={600}
                    onClick={() => setSort([name, name === key ? !isDown : name === "support"])}
                  >
                    {title}{" "}
                    {name === key &&
                      (isDown ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
                  </UnstyledButton>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <OneClass key={row.label} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {rows.length > SHOWN && (
        <UnstyledButton fz="sm" c="var(--mp-selected)" mt="xs" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Fewer" : `All ${rows.length} classes`}
        </UnstyledButton>
      )}
    </Panel>
  );
}

function OneClass({ row }: { row: ClassRow }) {
  return (
    <Table.Tr>
      <Table.Td fw={600}>
        <ExploreLink where={isClass("label", row.label)}>{row.label}</ExploreLink>
      </Table.Td>
      <Table.Td>
        {count(row.support)} <span className="mp-soft">{percent(row.share)}</span>
      </Table.Td>
      {(["precision", "recall", "f1"] as const).map((name) => (
        <Table.Td key={name}>
          <Estimate
            value={row[name]}
            low={row[`${name}_low`]}
            high={row[`${name}_high`]}
            n={row.support}
            show={short}
          />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function sortOf(isDown: boolean): "ascending" | "descending" {
  return isDown ? "descending" : "ascending";
}

function compared(a: string | number | null, b: string | number | null): number {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b);
  return (a === null ? -1 : Number(a)) - (b === null ? -1 : Number(b));
}
