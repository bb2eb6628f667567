/** Which label is taken for which, and how often. */
import { Table } from "@mantine/core";
import { useState } from "react";
import type { ErrorClassRow } from "@/api/types";
import classes from "@/screens/overview/ErrorClasses.module.css";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { RateBar } from "@/shared/RateBar";
import { Scroll } from "@/shared/Scroll";

const SHOWN = 8;

export function ErrorClasses({ rows }: { rows: readonly ErrorClassRow[] }) {
  const [isWhole, setWhole] = useState(false);
  return (
    <Panel
      name="error-classes"
      title="Error classes"
      says="What is true → what the model said, most frequent first."
    >
      <Scroll label="Table of error classes">
        <Table verticalSpacing={5} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Error</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th>Of all errors</Table.Th>
              <Table.Th>Of the label</Table.Th>
              <Table.Th>Sure</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(isWhole ? rows : rows.slice(0, SHOWN)).map((row) => (
              <Line key={row.where} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <MoreButton
        n={rows.length}
        shown={SHOWN}
        things="error classes"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}

function Line({ row }: { row: ErrorClassRow }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600} className={classes.error}>
        <ExploreLink where={row.where}>
          {row.label} → {row.prediction}
        </ExploreLink>
      </Table.Th>
      <Table.Td ta="right">{count(row.n)}</Table.Td>
      <Table.Td className={classes.share}>
        <span>{percent(row.share_of_errors)}</span>
        <RateBar value={row.share_of_errors} rest={null} most={1} />
      </Table.Td>
      <Table.Td>
        <span className={classes.value}>{percent(row.share_of_label)}</span>{" "}
        <span className={classes.interval}>
          {percent(row.low)} – {percent(row.high)}
        </span>
      </Table.Td>
      <Table.Td className={classes.value}>{percent(row.confidence)}</Table.Td>
    </Table.Tr>
  );
}
