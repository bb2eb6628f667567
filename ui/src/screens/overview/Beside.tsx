/** The model above the models and constants that it has to beat, on the same rows. */
import { Table, Text } from "@mantine/core";
import classes from "@/screens/overview/Beside.module.css";
import type { Compared, Value } from "@/screens/overview/rivals";
import { Estimate } from "@/shared/Estimate";
import { metricName, metricShow } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

export function Beside({ compared }: { compared: Compared }) {
  const { metrics, rivals } = compared;
  if (rivals.length === 0) return null;
  return (
    <Scroll label="Beside what is simpler">
      <Table className={classes.table} verticalSpacing={5} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Beside</Table.Th>
            {metrics.map((metric) => (
              <Table.Th key={metric}>{metricName(metric)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rivals.map(({ name, says, isOurs, values }) => (
            <Table.Tr key={name} data-ours={isOurs || undefined}>
              <Table.Th scope="row">
                {name}
                {says && (
                  <Text size="xs" className="mp-soft" fw={400}>
                    {says}
                  </Text>
                )}
              </Table.Th>
              {values.map((value, i) => (
                <Table.Td key={metrics[i]} className={classes.stacked}>
                  {value ? (
                    <Estimate {...known(value)} show={metricShow(metrics[i] ?? "")} />
                  ) : (
                    <span className="mp-soft">–</span>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

/** A constant is the same on any rows: it has no interval. */
function known(value: Value): Value {
  return value.low === value.high ? { ...value, low: null, high: null } : value;
}
