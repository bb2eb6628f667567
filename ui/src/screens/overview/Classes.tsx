/** Precision, recall and F1 of each class; a click on a head sorts, on a class shows its rows. */
import { Table } from "@mantine/core";
import { useState } from "react";
import type { ClassRow } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/overview/Overview.module.css";
import { Estimate } from "@/shared/Estimate";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, percent, short } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";
import { SortHead } from "@/shared/SortHead";
import { classNamed, isClass } from "@/shared/values";

type Key = "label" | "support" | "precision" | "recall" | "f1";
const HEADS: [Key, string][] = [
  ["label", "Class"],
  ["support", "Rows"],
  ["precision", "Precision"],
  ["recall", "Recall"],
  ["f1", "F1"],
];
const SHOWN = 10;

export function Classes({ rows }: { rows: readonly ClassRow[] }) {
  const [[key, isDown], setSort] = useState<[Key, boolean]>(["recall", false]);
  const [isWhole, setWhole] = useState(false);
  const sorted = [...rows].sort((a, b) => (isDown ? -1 : 1) * compared(a[key], b[key]));
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  return (
    <Panel name="classes" title="Classes" says="Each class against all others.">
      <Scroll label="Table of classes">
        <Table verticalSpacing={5} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              {HEADS.map(([name, title]) => (
                <SortHead
                  key={name}
                  title={title}
                  isSorted={name === key}
                  isDown={isDown}
                  sort={() => setSort([name, name === key ? !isDown : name === "support"])}
                />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <OneClass key={row.label} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <MoreButton
        n={rows.length}
        shown={SHOWN}
        things="classes"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}

function OneClass({ row }: { row: ClassRow }) {
  const { facts } = useHere();
  const value = facts.task.kind === "multilabel" ? undefined : classNamed(facts.classes, row.label);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {value === undefined ? (
          row.label
        ) : (
          <ExploreLink where={isClass("label", value)}>{row.label}</ExploreLink>
        )}
      </Table.Th>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        {count(row.support)} <span className="mp-soft">{percent(row.share)}</span>
      </Table.Td>
      {(["precision", "recall", "f1"] as const).map((name) => (
        <Table.Td key={name} className={classes.stacked}>
          <Estimate
            value={row[name]}
            low={row[`${name}_low`]}
            high={row[`${name}_high`]}
            n={name === "precision" ? row.predicted : row.support}
            show={short}
          />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function compared(a: string | number | null, b: string | number | null): number {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b);
  return (a === null ? -1 : Number(a)) - (b === null ? -1 : Number(b));
}
