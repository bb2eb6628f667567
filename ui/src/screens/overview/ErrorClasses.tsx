/** Which label is taken for which, and how often. */
import { Table } from "@mantine/core";
import type { ErrorClassRow } from "@/api/types";
import classes from "@/screens/overview/Overview.module.css";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { RateBar } from "@/shared/RateBar";

const SHOWN = 10;

export function ErrorClasses({ rows }: { rows: readonly ErrorClassRow[] }) {
  return (
    <Panel title="Error classes" says="What is true → what the model said, most frequent first.">
      <div className={classes.table}>
        <Table verticalSpacing={6} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Error</Table.Th>
              <Table.Th>Rows</Table.Th>
              <Table.Th>Share of errors</Table.Th>
              <Table.Th>Of the label</Table.Th>
              <Table.Th>Confidence</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, SHOWN).map((row) => (
              <Table.Tr key={row.where}>
                <Table.Td fw={600}>
                  <ExploreLink where={row.where}>
                    {row.label} → {row.prediction}
                  </ExploreLink>
                </Table.Td>
                <Table.Td>{count(row.n)}</Table.Td>
                <Table.Td>
                  {percent(row.share_of_errors)}
                  <RateBar value={row.share_of_errors} rest={null} most={1} />
                </Table.Td>
                <Table.Td>
                  {percent(row.share_of_label)}{" "}
                  <span className="mp-soft">
                    {percent(row.low)} – {percent(row.high)}
                  </span>
                </Table.Td>
                <Table.Td>{number(row.confidence)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  );
}
