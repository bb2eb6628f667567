/** Some rows worth looking at, each a link to all that is known of it. */
import { Anchor, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEvaluation } from "@/api/queries";
import type { Examples, RowsPage } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { allOf } from "@/shared/cohortText";
import { ExploreLink } from "@/shared/ExploreLink";
import { cell, count } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

interface ExamplesPanelProps {
  name: string;
  title: string;
  says: string;
  part: Examples;
  order: string;
  isWrong: boolean; // only wrong rows are meant
}

const SHOWN = 8;
const LONGEST = 160;

export function ExamplesPanel({ name, title, says, part, order, isWrong }: ExamplesPanelProps) {
  const { place } = useHere();
  const { search } = useSearch();
  const wrong = isWrong ? "NOT correct" : "";
  const where = allOf(one(search, "where"), wrong) || undefined;
  const columns = part.columns.filter((name) => name !== "row");
  const params = { where, order_by: order, limit: SHOWN, columns: ["row", ...columns] };
  const rows = useEvaluation<RowsPage>(place, "rows", params);
  const all = (
    <ExploreLink where={wrong} orderBy={order}>
      All {count(part.total)}
    </ExploreLink>
  );
  return (
    <Panel name={name} title={title} says={says} actions={<span>{all}</span>}>
      {rows.isError && <Failure error={rows.error} />}
      {rows.isPending && <Loading label="Reading rows" />}
      {rows.data && (
        <Scroll label={title}>
          <Table verticalSpacing={6} horizontalSpacing="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Row</Table.Th>
                {columns.map((name) => (
                  <Table.Th key={name} style={{ whiteSpace: "nowrap" }}>
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.data.rows.map((row) => (
                <Table.Tr key={String(row.row)}>
                  <Table.Td>
                    <Anchor
                      component={Link}
                      size="sm"
                      to="/e/$model/$dataset/row/$row"
                      params={{ ...place, row: String(row.row) } as never}
                      search={{ where, order_by: order } as never}
                    >
                      {cell(row.row)}
                    </Anchor>
                  </Table.Td>
                  {columns.map((name) => (
                    <Table.Td key={name} className={name === "prediction" ? "mp-wrong" : ""}>
                      {short(cell(row[name]))}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
    </Panel>
  );
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
