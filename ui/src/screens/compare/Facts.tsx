/** What differs between the two by the records: rows, labels, commits, versions of libraries. */
import { Table } from "@mantine/core";
import type { WhatChanged } from "@/api/types";
import classes from "@/screens/compare/Compare.module.css";
import own from "@/screens/compare/Waterfall.module.css";
import { cell } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

export function Facts({ found }: { found: WhatChanged }) {
  const { facts } = found;
  if (facts.length === 0) return null;
  return (
    <details className={own.still}>
      <summary>
        What the records say: {facts.length} {facts.length === 1 ? "difference" : "differences"}
      </summary>
      <Scroll label="Table of differences in the records">
        <Table className={classes.table} verticalSpacing={4} horizontalSpacing="sm" fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Of</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>{found.before}</Table.Th>
              <Table.Th>{found.after}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {facts.map((fact) => (
              <Table.Tr key={`${fact.section} ${fact.key}`}>
                <Table.Td>{fact.section}</Table.Td>
                <Table.Td>{fact.key}</Table.Td>
                <Table.Td className={own.fact}>{cell(fact.before)}</Table.Td>
                <Table.Td className={own.fact}>{cell(fact.after)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </details>
  );
}
