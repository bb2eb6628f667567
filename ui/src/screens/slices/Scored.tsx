/** Slices by SliceLine's score, on the very rows that were searched: candidates, not findings. */
import { Table } from "@mantine/core";
import type { ScoredSlices } from "@/api/types";
import { isRate } from "@/screens/slices/options";
import classes from "@/screens/slices/Slices.module.css";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, percent, short } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

export function Scored({ found }: { found: ScoredSlices }) {
  const show = isRate(found.objective) ? percent : number;
  return (
    <Scroll label="Table of slices">
      <Table verticalSpacing={6} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Condition</Table.Th>
            <Table.Th ta="right">Score</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
            <Table.Th ta="right">Mean error</Table.Th>
            <Table.Th ta="right">Largest</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.rows.map((row) => (
            <Table.Tr key={row.where}>
              <Table.Td className={classes.condition}>
                <ExploreLink where={row.where}>{row.where}</ExploreLink>
              </Table.Td>
              <Table.Td ta="right">{short(row.score)}</Table.Td>
              <Table.Td ta="right">{count(row.n)}</Table.Td>
              <Table.Td ta="right">{show(row.value)}</Table.Td>
              <Table.Td ta="right">{number(row.max_error)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
