/** Each column at a glance: how its values are spread, what is missing, what was found. */
import { Table, Text } from "@mantine/core";
import { useState } from "react";
import type { ColumnHealth, Health } from "@/api/types";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { cell, count, counted, number, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const SHOWN = 30;

export function Columns({ found }: { found: Health }) {
  const [isWhole, setWhole] = useState(false);
  const columns = found.column_facts;
  const isHeld = found.reference !== "";
  return (
    <Panel
      title="Columns"
      says={
        isHeld
          ? `Bars are these rows; the outline is ${found.reference}.`
          : "How the values of each are spread."
      }
    >
      <Scroll label="Table of columns">
        <Table className={classes.columns} fz="sm" verticalSpacing={6} horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Values</Table.Th>
              <Table.Th>Missing</Table.Th>
              <Table.Th>Distinct</Table.Th>
              <Table.Th>Range or commonest</Table.Th>
              <Table.Th>Findings</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(isWhole ? columns : columns.slice(0, SHOWN)).map((column) => (
              <Line key={column.column} column={column} isHeld={isHeld} />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <MoreButton
        n={columns.length}
        shown={SHOWN}
        things="columns"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}

function Line({ column, isHeld }: { column: ColumnHealth; isHeld: boolean }) {
  const { type, role, minimum, maximum, mean, most_common, most_common_share } = column;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {column.column}
        <Text size="xs" className="mp-soft">
          {role}, {type}
        </Text>
      </Table.Th>
      <Table.Td>
        <Spread column={column} isHeld={isHeld} />
      </Table.Td>
      <Table.Td data-warn={column.missing > 0 || undefined}>
        {column.missing > 0 ? percent(column.missing_share) : "none"}
        {column.missing_share !== column.reference_missing_share &&
          column.reference_missing_share !== null && (
            <Text size="xs" className="mp-soft">
              was {percent(column.reference_missing_share)}
            </Text>
          )}
      </Table.Td>
      <Table.Td>{count(column.distinct)}</Table.Td>
      <Table.Td>
        {mean !== null ? (
          <>
            {cell(minimum)} to {cell(maximum)}
            <Text size="xs" className="mp-soft">
              mean {number(mean)}
              {column.reference_mean !== null && `, was ${number(column.reference_mean)}`}
            </Text>
          </>
        ) : type === "datetime" && minimum !== null ? (
          `${moment(minimum)} to ${moment(maximum)}`
        ) : (
          <>
            <span className={classes.common}>{most_common || "–"}</span>
            <Text size="xs" className="mp-soft">
              {percent(most_common_share)} of the rows
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td>{column.findings.length > 0 ? count(column.findings.length) : "–"}</Table.Td>
    </Table.Tr>
  );
}

/** A time as people read it; midnight is a day. */
function moment(value: unknown): string {
  return cell(value).replace("T00:00:00", "").replace("T", " ");
}

/** A small histogram; its highest bar is as high as the box. */
function Spread({ column, isHeld }: { column: ColumnHealth; isHeld: boolean }) {
  const { bars } = column;
  if (bars.length === 0) return <span className="mp-soft">–</span>;
  const most = Math.max(
    ...bars.flatMap((bar) => [bar.share ?? 0, isHeld ? (bar.reference_share ?? 0) : 0]),
  );
  const height = (share: number | null) => `${(100 * (share ?? 0)) / (most || 1)}%`;
  return (
    <span className={classes.spread} role="img" aria-label={spreadWords(column)}>
      {bars.map((bar) => (
        <i key={bar.label} title={`${bar.label}: ${counted(bar.n, "row")}, ${percent(bar.share)}`}>
          <b style={{ height: height(bar.share) }} />
          {isHeld && <u style={{ height: height(bar.reference_share) }} />}
        </i>
      ))}
    </span>
  );
}

function spreadWords({ bars }: ColumnHealth): string {
  const [first] = [...bars].sort((a, b) => b.n - a.n);
  return `${bars.length} bars; the highest is ${first?.label}, ${percent(first?.share)} of the rows`;
}
