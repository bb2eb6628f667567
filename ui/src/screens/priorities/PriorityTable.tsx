/** The priority table, most to gain first. */
import { Table } from "@mantine/core";
import type { Priorities } from "@/api/types";
import classes from "@/screens/priorities/Priorities.module.css";
import { TagRow } from "@/screens/priorities/TagRow";
import { Scroll } from "@/shared/Scroll";

export function PriorityTable({ found }: { found: Priorities }) {
  const isShare = found.metric === "accuracy";
  const most = Math.max(0, ...found.rows.map(({ high, gain }) => high ?? gain ?? 0));
  const heads: [string, string][] = [
    ["Tag", ""],
    ["Rows", "How many rows have the tag, and their share of the data"],
    ["Of errors", "Share of all errors that are in the tag"],
    [isShare ? "Wrong" : found.metric, "Measured on the rows of the tag"],
    ["Ceiling", "The best to be expected of the tag; a number here counts for this tag alone"],
    ["Gap", "Ceiling less what is reached"],
    ["Possible gain", "Gap × share of the data: what all rows would gain"],
    ["Ease", "1 is hard to mend, 5 easy"],
    ["Importance", "1 is minor, 5 crucial"],
    ["Note", "What to do, for everybody who looks here"],
  ];
  return (
    <Scroll label="Table of tags">
      <Table className={classes.table} verticalSpacing={6} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {heads.map(([title, says]) => (
              <Table.Th key={title} title={says}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.rows.map((row) => (
            <TagRow key={row.tag} row={row} most={most} isShare={isShare} />
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
