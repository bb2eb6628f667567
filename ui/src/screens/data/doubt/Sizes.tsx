/** Sets by their size: how many rows have such a one, and how often it holds the label. */
import { Table } from "@mantine/core";
import type { ConformalSets } from "@/api/types";
import classes from "@/screens/data/doubt/Doubt.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { count, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { RateBar } from "@/shared/RateBar";
import { Scroll } from "@/shared/Scroll";

export function Sizes({ found }: { found: ConformalSets }) {
  if (found.sizes.length === 0) return null;
  return (
    <Panel
      title="How large the sets are"
      says="A large set says that the model cannot tell; it ought to hold the label as often as a small one."
    >
      <Scroll label="Sets by size">
        <Table verticalSpacing={6} horizontalSpacing="sm" fz="sm" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Size</Table.Th>
              <Table.Th>Rows</Table.Th>
              <Table.Th>Hold the label</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.sizes.map((row) => (
              <Table.Tr key={row.label}>
                <Table.Th scope="row">
                  {row.where ? <CohortLink where={row.where}>{row.label}</CohortLink> : row.label}
                </Table.Th>
                <Table.Td>
                  <div className={classes.rate}>
                    <RateBar value={row.share} rest={null} most={1} isGood />
                    <span>
                      {count(row.n)} <span className="mp-soft">{percent(row.share)}</span>
                    </span>
                  </div>
                </Table.Td>
                <Table.Td>
                  {percent(row.covered)}{" "}
                  <span className="mp-soft">
                    {percent(row.low)} – {percent(row.high)}
                  </span>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Panel>
  );
}
