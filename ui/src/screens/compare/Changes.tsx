/** Metrics, or cohorts, of two models: before, after, the paired difference. */
import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import type { MetricChange, ModelPair } from "@/api/types";
import classes from "@/screens/compare/Compare.module.css";
import { Difference, mostOf } from "@/screens/compare/Difference";
import { Word } from "@/screens/compare/Word";
import { count, counted, metricShow, probability } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

interface ChangesProps {
  pair: ModelPair;
  rows: readonly MetricChange[];
  title: string;
  nameOf: (row: MetricChange) => ReactNode;
  label: string;
}

export function Changes({ pair, rows, title, nameOf, label }: ChangesProps) {
  const most = Math.min(1, mostOf(rows));
  return (
    <Scroll label={label}>
      <Table className={classes.table} verticalSpacing={6} horizontalSpacing="sm" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{title}</Table.Th>
            <Table.Th className={classes.roomy}>{pair.against}</Table.Th>
            <Table.Th className={classes.roomy}>{pair.model}</Table.Th>
            <Table.Th title="With its 95 % interval">Difference</Table.Th>
            <Table.Th title="By a paired test, corrected for all that stands beside it">
              Verdict
            </Table.Th>
            <Table.Th className={classes.roomy}>Rows</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.cohort} ${row.metric}`}>
              <Table.Th scope="row">
                {nameOf(row)}
                <span className={classes.tight}>
                  {metricShow(row.metric)(row.before)} → {metricShow(row.metric)(row.after)},{" "}
                  {counted(row.n, "row")}
                </span>
              </Table.Th>
              <Table.Td className={classes.roomy}>{metricShow(row.metric)(row.before)}</Table.Td>
              <Table.Td className={classes.roomy}>{metricShow(row.metric)(row.after)}</Table.Td>
              <Table.Td>
                <Difference row={row} most={most} show={metricShow(row.metric)} />
              </Table.Td>
              <Table.Td title={`p ${probability(row.p_adjusted)}, corrected`}>
                <Word word={row.word} />
              </Table.Td>
              <Table.Td className={classes.roomy}>
                {count(row.n)}
                {row.fixed >= 0 && (
                  <span className={classes.small}>
                    {count(row.fixed)} fixed, {count(row.broken)} broken
                  </span>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
