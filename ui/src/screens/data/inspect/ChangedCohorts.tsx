/** The cohorts of both versions: their share before and now, and what happened in each. */
import { Table, Text } from "@mantine/core";
import type { CohortDifference, DatasetDiff } from "@/api/types";
import { useMaybeHere } from "@/app/EvaluationFrame";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { count, counted, differing, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

export function ChangedCohorts({ found }: { found: DatasetDiff }) {
  if (found.cohorts.length === 0) return null;
  return (
    <Panel title="Cohorts" says="Those whose share changed most first.">
      <Scroll label="Table of cohorts">
        <Table className={classes.columns} fz="sm" verticalSpacing={6} horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Cohort</Table.Th>
              <Table.Th>Share before → now</Table.Th>
              <Table.Th>Difference</Table.Th>
              <Table.Th>Added</Table.Th>
              <Table.Th>Removed</Table.Th>
              <Table.Th>Changed</Table.Th>
              <Table.Th>Labels changed</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.cohorts.map((row) => (
              <Line key={row.cohort} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Panel>
  );
}

function Line({ row }: { row: CohortDifference }) {
  const here = useMaybeHere();
  const moved = differing(row.difference, row.low, row.high);
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {here ? <CohortLink where={row.cohort}>{row.cohort}</CohortLink> : row.cohort}
      </Table.Th>
      <Table.Td>
        {percent(row.share_before)} → {percent(row.share_after)}
        <Text size="xs" className="mp-soft">
          {count(row.n_before)} → {counted(row.n_after, "row")}
        </Text>
      </Table.Td>
      <Table.Td>
        {moved.amount}
        <Text size="xs" className="mp-soft">
          {moved.span}
        </Text>
      </Table.Td>
      <Table.Td>{count(row.added)}</Table.Td>
      <Table.Td>{count(row.removed)}</Table.Td>
      <Table.Td>{count(row.changed)}</Table.Td>
      <Table.Td>{count(row.labels_changed)}</Table.Td>
    </Table.Tr>
  );
}
