/** The row's values, how usual each is, and the way to rows like it. */
import { Table } from "@mantine/core";
import type { Example, ExampleValue } from "@/api/types";
import classes from "@/screens/row/Values.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { ColumnName } from "@/shared/ColumnName";
import { cell, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const GROUPS = [
  ["What the model was given", (role: string) => role === "input"],
  ["What is also known", (role: string) => role !== "input" && role !== "label"],
] as const;

export function Values({ example }: { example: Example }) {
  const values = example.values.filter(({ type }) => type !== "text");
  return GROUPS.map(([title, isPart]) => {
    const part = values.filter(({ role }) => isPart(role));
    if (part.length === 0) return null;
    return (
      <Panel key={title} title={title} says="Click a value to see all rows like it.">
        <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th className={classes.usual}>How usual</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {part.map((value) => (
              <Value key={value.column} value={value} />
            ))}
          </Table.Tbody>
        </Table>
      </Panel>
    );
  });
}

function Value({ value }: { value: ExampleValue }) {
  const text = cell(value.value);
  return (
    <Table.Tr>
      <Table.Td className={`mp-soft ${classes.column}`}>
        <ColumnName name={value.column} />
      </Table.Td>
      <Table.Td className={classes.value}>
        {value.like ? (
          <CohortLink where={value.like} title={`Rows like this: ${value.like}`}>
            {text}
          </CohortLink>
        ) : (
          text
        )}
      </Table.Td>
      <Table.Td className={classes.usual}>
        <Usual value={value} />
      </Table.Td>
    </Table.Tr>
  );
}

function Usual({ value: { percentile, share } }: { value: ExampleValue }) {
  if (percentile !== null) {
    return (
      <span className={classes.standing}>
        <span className={classes.scale} aria-hidden>
          <i style={{ left: `${100 * percentile}%` }} />
        </span>
        <span>higher than {percent(percentile, 0)}</span>
      </span>
    );
  }
  if (share === null) return null;
  return (
    <span className={classes.standing}>
      <span className={classes.bar} aria-hidden>
        <i style={{ width: `${100 * share}%` }} />
      </span>
      <span>{percent(share)} of rows</span>
    </span>
  );
}
