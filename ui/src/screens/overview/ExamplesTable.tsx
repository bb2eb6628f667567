/** The rows of a panel of examples; their numbers lead to all that is known of each. */
import { Anchor, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Examples, RowsPage } from "@/api/types";
import type { Search } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/overview/ExamplesTable.module.css";
import { cell } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

interface ExamplesTableProps {
  name: string;
  part: Examples;
  rows: RowsPage["rows"];
  search: Search; // of the row's page: the order that it stands in
  isWrong: boolean;
}

export function ExamplesTable({ name, part, rows, search, isWrong }: ExamplesTableProps) {
  const { place } = useHere();
  const columns = part.columns
    .map((column, i) => ({ column, kind: part.kinds[i] ?? "input" }))
    .filter(({ column }) => column !== "row");
  return (
    <Scroll label={`Table of ${name}`}>
      <Table verticalSpacing={5} horizontalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>row</Table.Th>
            {columns.map(({ column }) => (
              <Table.Th key={column} className={classes.head}>
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={String(row.row)}>
              <Table.Td>
                <Anchor
                  component={Link}
                  size="sm"
                  to="/e/$model/$dataset/row/$row"
                  params={{ ...place, row: String(row.row) } as never}
                  search={search as never}
                >
                  {cell(row.row)}
                </Anchor>
              </Table.Td>
              {columns.map(({ column, kind }) => {
                const text = cell(row[column]);
                return (
                  <Table.Td
                    key={column}
                    title={text}
                    className={classes.cell}
                    data-kind={kind}
                    data-wrong={(isWrong && column === "prediction") || undefined}
                  >
                    <span>{text}</span>
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
