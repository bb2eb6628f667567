/** Each annotator: how often right by what the others say, and what they mix up. */
import { Table } from "@mantine/core";
import type { Consensus } from "@/api/types";
import classes from "@/screens/data/labels/Labels.module.css";
import { count, percent } from "@/shared/format";
import { RateBar } from "@/shared/RateBar";
import { Scroll } from "@/shared/Scroll";

export function People({ found }: { found: Consensus }) {
  return (
    <Scroll label="Annotators">
      <Table verticalSpacing={6} horizontalSpacing="sm" fz="sm" className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Annotator</Table.Th>
            <Table.Th ta="right">Votes</Table.Th>
            <Table.Th>Agrees with what the others say</Table.Th>
            <Table.Th ta="right">Right, estimated</Table.Th>
            <Table.Th>Habit</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.annotators.map((person) => (
            <Table.Tr key={person.annotator}>
              <Table.Th scope="row">{person.annotator}</Table.Th>
              <Table.Td ta="right">{count(person.n)}</Table.Td>
              <Table.Td>
                <div className={classes.rate}>
                  <RateBar
                    value={person.accuracy}
                    rest={null}
                    low={person.low}
                    high={person.high}
                    most={1}
                    isGood
                  />
                  <span>
                    {percent(person.accuracy)}{" "}
                    <span className="mp-soft">
                      {percent(person.low)} – {percent(person.high)}
                    </span>
                  </span>
                </div>
              </Table.Td>
              <Table.Td ta="right">{percent(person.quality)}</Table.Td>
              <Table.Td>{person.sentence}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
