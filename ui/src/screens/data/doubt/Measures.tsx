/** Measures of doubt beside one another: which of them tells wrong rows from right ones best. */
import { Table, UnstyledButton } from "@mantine/core";
import type { Uncertainty } from "@/api/types";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/data/doubt/Doubt.module.css";
import { count, metricName, percent, short } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { RateBar } from "@/shared/RateBar";
import { Scroll } from "@/shared/Scroll";

export function Measures({ found, shown }: { found: Uncertainty; shown: string }) {
  const { set } = useSearch();
  const [best] = found.measures;
  if (!best) return null;
  const isError = found.metric === "error rate";
  const show = isError ? percent : short;
  const most = Math.max(...found.measures.map(({ aurc_high }) => aurc_high ?? 0));
  return (
    <Panel
      title="Which doubt is best"
      says={`The mean ${found.metric} over all shares that may be kept, the smaller the better; a click shows the curve of a measure.`}
    >
      <Scroll label="Measures of doubt">
        <Table verticalSpacing={6} horizontalSpacing="sm" fz="sm" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Measure</Table.Th>
              <Table.Th>Mean {found.metric}</Table.Th>
              {isError && <Table.Th>A wrong row is less sure than a right one</Table.Th>}
              <Table.Th ta="right">
                {isError ? "Errors" : "Loss"} in the least sure {percent(found.doubted, 0)}
              </Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.measures.map((row) => (
              <Table.Tr key={row.measure} data-shown={row.measure === shown || undefined}>
                <Table.Th scope="row">
                  <UnstyledButton
                    fz="sm"
                    fw={600}
                    className={classes.choose}
                    aria-pressed={row.measure === shown}
                    onClick={() =>
                      set({ measure: row === best ? undefined : row.measure }, { replace: true })
                    }
                  >
                    {metricName(row.measure)}
                  </UnstyledButton>
                </Table.Th>
                <Table.Td>
                  <div className={classes.rate}>
                    <RateBar
                      value={row.aurc}
                      rest={null}
                      low={row.aurc_low}
                      high={row.aurc_high}
                      most={most}
                    />
                    <span>
                      {show(row.aurc)}{" "}
                      <span className="mp-soft">
                        {show(row.aurc_low)} – {show(row.aurc_high)}
                      </span>
                    </span>
                  </div>
                </Table.Td>
                {isError && (
                  <Table.Td>
                    {percent(row.auroc)}{" "}
                    <span className="mp-soft">
                      {percent(row.low)} – {percent(row.high)}
                    </span>
                  </Table.Td>
                )}
                <Table.Td ta="right">{percent(row.found)}</Table.Td>
                <Table.Td ta="right">{count(row.n)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Panel>
  );
}
