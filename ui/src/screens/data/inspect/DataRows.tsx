/** Rows of a cohort of the dataset, in place: nothing but the data is needed for them. */
import { Button, Group, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useDataset } from "@/api/queries";
import type { RowsPage } from "@/api/types";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useData } from "@/screens/data/dataHere";
import classes from "@/screens/data/inspect/Inspect.module.css";
import links from "@/shared/ExploreLink.module.css";
import { cell, count } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

const PAGE = 10;

interface DataRowsProps {
  where: string;
  dataset?: string; // the screen's own without it
  marked?: readonly string[]; // columns that it is about, which stand first
}

export function DataRows({ where, dataset, marked = [] }: DataRowsProps) {
  const data = useData();
  const [offset, setOffset] = useState(0);
  const ref = dataset ?? data.ref;
  const page = useDataset<RowsPage>(ref, "rows", { where, limit: PAGE, offset });
  if (page.isError && !page.data) {
    return <Failure error={page.error} retry={() => void page.refetch()} />;
  }
  if (!page.data) return <Loading label="Reading the rows" lines={3} />;
  const { columns, rows, total } = page.data;
  const named = data.columns.filter(({ role }) => role === "id" || role === "label");
  const first = [...marked, ...named.map(({ name }) => name)];
  const ordered = [...new Set([...first, ...columns])].filter(
    (name) => columns.includes(name) && name !== "row",
  );
  return (
    <div className={page.isPlaceholderData ? "mp-stale" : undefined}>
      <Scroll label="Rows">
        <Table className={classes.rows} fz="xs" verticalSpacing={4} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>row</Table.Th>
              {ordered.map((name) => (
                <Table.Th key={name} data-marked={marked.includes(name) || undefined}>
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={String(row.row)}>
                <Table.Th scope="row">
                  <RowNumber row={Number(row.row)} isOwn={ref === data.ref} />
                </Table.Th>
                {ordered.map((name) => (
                  <Table.Td key={name} data-marked={marked.includes(name) || undefined}>
                    <Value value={row[name]} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      {total > PAGE && (
        <Group gap="xs" mt={6}>
          <Button
            size="compact-xs"
            variant="default"
            disabled={offset === 0}
            onClick={() => setOffset(Math.max(0, offset - PAGE))}
          >
            Before
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={offset + PAGE >= total}
            onClick={() => setOffset(offset + PAGE)}
          >
            Next
          </Button>
          <Text size="xs" className="mp-soft">
            {count(offset + 1)} to {count(Math.min(offset + PAGE, total))} of {count(total)}
          </Text>
        </Group>
      )}
    </div>
  );
}

/** The number of a row, which leads to it where a model has predicted it. */
export function RowNumber({ row, isOwn }: { row: number; isOwn: boolean }) {
  const here = useMaybeHere();
  if (!here || !isOwn) return <span className="mp-soft">{row}</span>;
  return (
    <Link
      to="/e/$model/$dataset/row/$row"
      params={{ ...here.place, row: String(row) }}
      className={links.link}
    >
      {row}
    </Link>
  );
}

/** A value as it is: what is missing or only blank is said, as it cannot be seen. */
export function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <i className="mp-soft">missing</i>;
  if (value === "") return <i className="mp-soft">empty</i>;
  const text = cell(value);
  if (text.trim() !== text) return <span className={classes.blank}>{text}</span>;
  return <span className={classes.value}>{text}</span>;
}
