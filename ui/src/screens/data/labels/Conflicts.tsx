/** The rows whose label is least certain by what people said of them. */
import { Anchor, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Consensus, ConsensusRow } from "@/api/types";
import { useMaybeHere } from "@/app/EvaluationFrame";
import classes from "@/screens/data/labels/Labels.module.css";
import { cell, count, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Scroll } from "@/shared/Scroll";

const SHOWN = 8;

export function Conflicts({ found }: { found: Consensus }) {
  const [isWhole, setWhole] = useState(false);
  const rows = found.rows.filter(({ agreement }) => (agreement ?? 1) < 1);
  if (rows.length === 0) return null;
  return (
    <div>
      <h3 className={classes.metric}>
        Rows in conflict: {count(found.disagreed)} of {count(found.n)}
        {rows.length < found.disagreed && `; here the ${count(rows.length)} least certain`}
      </h3>
      <Scroll label="Rows in conflict">
        <Table verticalSpacing={5} horizontalSpacing="sm" fz="sm" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Row</Table.Th>
              <Table.Th>Consensus</Table.Th>
              <Table.Th ta="right">Certain</Table.Th>
              <Table.Th ta="right">Votes for it</Table.Th>
              <Table.Th>Most votes</Table.Th>
              <Table.Th>Label as it is</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(isWhole ? rows : rows.slice(0, SHOWN)).map((row) => (
              <Line key={row.row} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <MoreButton
        n={rows.length}
        shown={SHOWN}
        things="of these"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </div>
  );
}

function Line({ row }: { row: ConsensusRow }) {
  const here = useMaybeHere();
  const name = cell(row.id);
  const isOther = row.given !== null && cell(row.given) !== cell(row.label);
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {here ? (
          <Anchor
            component={Link}
            size="sm"
            to="/e/$model/$dataset/row/$row"
            params={{ ...here.place, row: String(row.row) } as never}
          >
            {name}
          </Anchor>
        ) : (
          name
        )}
      </Table.Th>
      <Table.Td>{cell(row.label)}</Table.Td>
      <Table.Td ta="right">{percent(row.probability)}</Table.Td>
      <Table.Td ta="right">
        {percent(row.agreement, 0)} of {count(row.votes)}
      </Table.Td>
      <Table.Td>{row.majority === null ? "a tie" : cell(row.majority)}</Table.Td>
      <Table.Td className={isOther ? "mp-wrong" : undefined}>{cell(row.given)}</Table.Td>
    </Table.Tr>
  );
}
