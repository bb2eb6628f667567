/** Rows beside each other, column by column; where they differ is marked and stands first. */
import { Table, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useDataset } from "@/api/queries";
import type { RowsPage } from "@/api/types";
import { Failure, Loading } from "@/app/states";
import { useData } from "@/screens/data/dataHere";
import { RowNumber, Value } from "@/screens/data/inspect/DataRows";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { count, counted } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

const MOST = 6; // rows beside each other

interface SideBySideProps {
  rows: readonly number[];
  others?: readonly number[];
  against?: string; // the dataset of the others
}

export function SideBySide({ rows, others = [], against = "" }: SideBySideProps) {
  const { ref } = useData();
  const own = useRows(ref, rows.slice(0, others.length > 0 ? MOST / 2 : MOST));
  const there = useRows(against, others.slice(0, MOST / 2));
  const failed = [own, there].find(({ isError }) => isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!own.data || (others.length > 0 && !there.data)) {
    return <Loading label="Reading the rows" lines={3} />;
  }
  const shown = [
    ...own.data.rows.map((values) => ({ values, of: ref })),
    ...(there.data?.rows ?? []).map((values) => ({ values, of: against })),
  ];
  return <Fields shown={shown} more={rows.length + others.length - shown.length} />;
}

function useRows(dataset: string, rows: readonly number[]) {
  const where = `row IN (${rows.join(", ")})`;
  const enabled = dataset !== "" && rows.length > 0;
  return useDataset<RowsPage>(dataset, "rows", { where, limit: MOST }, { enabled });
}

interface Shown {
  values: RowsPage["rows"][number];
  of: string;
}

function Fields({ shown, more }: { shown: readonly Shown[]; more: number }) {
  const { ref, columns } = useData();
  const [isWhole, setWhole] = useState(false);
  const names = columns.map(({ name }) => name).filter((name) => name !== "row");
  const differing = names.filter((name) => isDiffering(shown, name));
  const same = names.filter((name) => !differing.includes(name));
  return (
    <>
      <Scroll label="Rows beside each other">
        <Table className={classes.beside} fz="xs" verticalSpacing={4} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>column</Table.Th>
              {shown.map(({ values, of }) => (
                <Table.Th key={`${of} ${values.row}`}>
                  row <RowNumber row={Number(values.row)} isOwn={of === ref} />
                  {of !== ref && <span className="mp-soft"> of {of}</span>}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...differing, ...(isWhole ? same : [])].map((name) => (
              <Table.Tr key={name} data-marked={differing.includes(name) || undefined}>
                <Table.Th scope="row">{name}</Table.Th>
                {shown.map(({ values, of }) => (
                  <Table.Td key={`${of} ${values.row}`}>
                    <Value value={values[name]} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      {same.length > 0 && (
        <UnstyledButton
          fz="xs"
          c="var(--mp-selected)"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole
            ? "Only where they differ"
            : `${counted(same.length, "column")} where they are the same`}
        </UnstyledButton>
      )}
      {more > 0 && (
        <Text size="xs" className="mp-soft">
          and {count(more)} more rows
        </Text>
      )}
    </>
  );
}

function isDiffering(shown: readonly Shown[], name: string): boolean {
  const [first, ...rest] = shown.map(({ values }) => JSON.stringify(values[name] ?? null));
  return rest.some((value) => value !== first);
}
