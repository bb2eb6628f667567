/** Sure and unsure rows that are right and wrong, and the mistakes the model is surest of. */
import { Anchor, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEvaluation } from "@/api/queries";
import type { DoubtRow, RowsPage, Uncertainty } from "@/api/types";
import { Failure, Loading } from "@/app/states";
import { useData } from "@/screens/data/dataHere";
import classes from "@/screens/data/doubt/Doubt.module.css";
import { usePlace } from "@/screens/data/labels/place";
import { CohortActions } from "@/shared/CohortActions";
import { CohortLink } from "@/shared/CohortLink";
import { cell, count, counted, metricName, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const SHOWN = 6; // rows
const INPUTS = 4; // columns beside what was said
const CONFIDENT = "sure and wrong";

export function Mistakes({ found }: { found: Uncertainty }) {
  const mistakes = found.doubts.find(({ name }) => name === CONFIDENT);
  if (!mistakes) return null;
  return (
    <Panel
      title={`${counted(mistakes.n, "mistake")} that the model does not doubt`}
      says={`Wrong, and not among the ${percent(found.doubted, 0)} that are least sure by ${metricName(found.measure)}: leaving rows out does not help against these.`}
    >
      <div className={classes.cells}>
        {found.doubts.map((row) => (
          <Cell key={row.name} row={row} />
        ))}
      </div>
      {mistakes.where && mistakes.n > 0 && (
        <>
          <Surest found={found} where={mistakes.where} />
          <CohortActions where={mistakes.where} suggested="confident mistakes" />
        </>
      )}
    </Panel>
  );
}

function Cell({ row }: { row: DoubtRow }) {
  const says = (
    <>
      <b>{count(row.n)}</b> {row.name}
      <span className="mp-soft"> {percent(row.share)}</span>
    </>
  );
  return (
    <div className={classes.cell} data-name={row.name}>
      {row.where && row.n > 0 ? <CohortLink where={row.where}>{says}</CohortLink> : says}
    </div>
  );
}

function Surest({ found, where }: { found: Uncertainty; where: string }) {
  const { place } = usePlace();
  const { columns, id } = useData();
  const { measure } = found;
  const isMore = measure === "confidence" || measure === "margin"; // more of it is surer
  const order_by = `${measure} ${isMore ? "DESC" : "ASC"}`;
  const inputs = columns.filter(({ role }) => role === "input").slice(0, INPUTS);
  const shown = [
    ...(id ? [id] : []),
    "label",
    "prediction",
    measure,
    ...inputs.map(({ name }) => name),
  ];
  const params = { where, order_by, limit: SHOWN, columns: ["row", ...shown] };
  const rows = useEvaluation<RowsPage>(place, "rows", params);
  if (rows.isError) return <Failure error={rows.error} retry={() => void rows.refetch()} />;
  if (!rows.data) return <Loading label="Reading rows" />;
  return (
    <>
      <Text size="xs" className="mp-soft" mb={4}>
        The surest of them
      </Text>
      <Scroll label="Table of confident mistakes">
        <Table verticalSpacing={5} horizontalSpacing="sm" fz="sm" className={classes.rows}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>row</Table.Th>
              {shown.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
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
                    search={{ where, order_by } as never}
                  >
                    {cell(row.row)}
                  </Anchor>
                </Table.Td>
                {shown.map((name) => (
                  <Table.Td
                    key={name}
                    title={cell(row[name])}
                    className={name === "prediction" ? "mp-wrong" : undefined}
                  >
                    {name === "confidence" ? percent(row[name] as number) : cell(row[name])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </>
  );
}
