/** Each label: how many of its rows are in doubt, how many are estimated to be wrong. */
import { Table, Text } from "@mantine/core";
import { useState } from "react";
import type { LabelClass, LabelErrors } from "@/api/types";
import classes from "@/screens/data/labels/Labels.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { cell, count, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { RateBar } from "@/shared/RateBar";
import { Scroll } from "@/shared/Scroll";

const SHOWN = 12;

export function ByClass({ found }: { found: LabelErrors }) {
  const [isWhole, setWhole] = useState(false);
  const rows = [...found.classes].sort((a, b) => b.flagged - a.flagged);
  const most = Math.max(0.001, ...rows.map(({ high }) => high ?? 0));
  return (
    <Panel title="By label" says="The share of wrong labels is estimated, with its 95 % interval.">
      <Scroll label="Table of labels">
        <Table verticalSpacing={6} horizontalSpacing="sm" fz="sm" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Label</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th ta="right">In doubt</Table.Th>
              <Table.Th>Wrong, estimated</Table.Th>
              <Table.Th>Mostly look like</Table.Th>
              <Table.Th ta="right">Sure from</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(isWhole ? rows : rows.slice(0, SHOWN)).map((row) => (
              <Line key={cell(row.label)} row={row} most={most} />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <MoreButton
        n={rows.length}
        shown={SHOWN}
        things="labels"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}

function Line({ row, most }: { row: LabelClass; most: number }) {
  return (
    <Table.Tr>
      <Table.Th scope="row">{cell(row.label)}</Table.Th>
      <Table.Td ta="right">{count(row.n)}</Table.Td>
      <Table.Td ta="right">
        {row.flagged > 0 ? (
          <CohortLink where={row.where}>{count(row.flagged)}</CohortLink>
        ) : (
          count(row.flagged)
        )}
      </Table.Td>
      <Table.Td>
        <div className={classes.rate}>
          <RateBar value={row.share} rest={null} low={row.low} high={row.high} most={most} />
          <span>
            {percent(row.share)}{" "}
            <span className="mp-soft">
              {percent(row.low)} – {percent(row.high)}
            </span>
          </span>
        </div>
      </Table.Td>
      <Table.Td>{row.taken_for === null ? "–" : cell(row.taken_for)}</Table.Td>
      <Table.Td ta="right">
        <Text component="span" size="sm" title="Probability from which on a row surely is of it">
          {percent(row.threshold)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
