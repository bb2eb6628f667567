/** The columns, those that cost most first; one is looked at beside. */
import { Table, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Drift, DriftRow } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { ColumnDetail } from "@/screens/data/drift/ColumnDetail";
import classes from "@/screens/data/drift/Drift.module.css";
import { EffectBar } from "@/screens/data/drift/EffectBar";
import { differing, number, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const SHOWN = 30;

export function Columns({ found }: { found: Drift }) {
  const { search, set } = useSearch();
  const [isWhole, setWhole] = useState(false);
  const asked = one(search, "column");
  const open = found.rows.find(({ column }) => column === asked) ?? found.rows[0];
  const most = Math.max((found.bound ?? 0) * 2, ...found.rows.map(({ high }) => high ?? 0));
  return (
    <div className={classes.columns}>
      <Panel title="Columns" says={says(found)}>
        <Scroll label="Table of columns">
          <Table className={classes.table} verticalSpacing={6} horizontalSpacing="xs" fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Column</Table.Th>
                <Table.Th>Effect, with its interval</Table.Th>
                <Table.Th>Where it went</Table.Th>
                {found.measure && <Table.Th>Adds to the error</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {(isWhole ? found.rows : found.rows.slice(0, SHOWN)).map((row) => (
                <Line
                  key={row.column}
                  row={row}
                  most={most}
                  measure={found.measure}
                  isOpen={row === open}
                  open={() => set({ column: row.column }, { replace: true })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
        <MoreButton
          n={found.rows.length}
          shown={SHOWN}
          things="columns"
          isWhole={isWhole}
          setWhole={setWhole}
        />
      </Panel>
      {open && <ColumnDetail found={found} row={open} />}
    </div>
  );
}

function says(found: Drift): string {
  const first = found.measure
    ? `Ranked by what each adds to the ${found.measure}`
    : "Ranked by size";
  return `${first}. Distances (0 to 1) count from ${number(found.bound)} on, whatever the number of rows.`;
}

interface LineProps {
  row: DriftRow;
  most: number;
  measure: string;
  isOpen: boolean;
  open: () => void;
}

function Line({ row, most, measure, isOpen, open }: LineProps) {
  const show = measure === "error rate" ? percent : number;
  const adds = differing(row.cost, row.cost_low, row.cost_high, show);
  return (
    <Table.Tr data-open={isOpen || undefined} onClick={open} className={classes.line}>
      <Table.Th scope="row">
        <UnstyledButton
          fz="sm"
          fw={600}
          className={classes.open}
          aria-pressed={isOpen}
          onClick={open}
        >
          {row.column}
        </UnstyledButton>
        <Text size="xs" className="mp-soft">
          {row.role}, {row.type}
        </Text>
      </Table.Th>
      <Table.Td>
        <EffectBar row={row} most={most} />
      </Table.Td>
      <Table.Td>
        {row.verdict === "drift" ? (
          <>
            {row.direction || "–"}
            <Text size="xs" className="mp-soft">
              {percent(row.reference_share)} → {percent(row.current_share)}
            </Text>
          </>
        ) : (
          <span className="mp-soft">{row.verdict === "same" ? "as before" : "cannot be told"}</span>
        )}
      </Table.Td>
      {measure && (
        <Table.Td>
          {row.cost === null ? (
            "–"
          ) : (
            <>
              {adds.amount}
              <Text size="xs" className="mp-soft">
                {adds.span}
              </Text>
            </>
          )}
        </Table.Td>
      )}
    </Table.Tr>
  );
}
