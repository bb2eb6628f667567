/** Columns that came, went, or hold other values; those that are as before are only counted. */
import { Badge, Table, Text } from "@mantine/core";
import type { ColumnDifference, DatasetDiff } from "@/api/types";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { amount, count, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const WORDS: Record<string, string> = {
  added: "new",
  removed: "gone",
  type: "other type",
  changed: "changed",
};

export function ChangedColumns({ found }: { found: DatasetDiff }) {
  const rows = found.rows.filter(({ status }) => status !== "same");
  const same = found.rows.length - rows.length;
  const rest = `${count(same)} ${same === 1 ? "column is" : "columns are"} as before in all rows of both.`;
  return (
    <Panel title="Columns" says={same > 0 ? rest : undefined}>
      {rows.length > 0 && (
        <Scroll label="Table of columns">
          <Table className={classes.columns} fz="sm" verticalSpacing={6} horizontalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Column</Table.Th>
                <Table.Th>Rows of both that changed</Table.Th>
                <Table.Th>Missing</Table.Th>
                <Table.Th>Mean</Table.Th>
                <Table.Th>New and gone values</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Line key={row.column} row={row} />
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
    </Panel>
  );
}

function Line({ row }: { row: ColumnDifference }) {
  const { status, type_before, type_after, difference } = row;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {row.column}{" "}
        <Badge size="sm" variant="light" tt="none" color={status === "changed" ? "gray" : "wrong"}>
          {WORDS[status] ?? status}
        </Badge>
        <Text size="xs" className="mp-soft">
          {status === "type" ? `${type_before} → ${type_after}` : type_after || type_before}
        </Text>
      </Table.Th>
      <Table.Td>
        {row.changed > 0 ? (
          <>
            {count(row.changed)}{" "}
            <Text span size="xs" className="mp-soft">
              {percent(row.share)}
            </Text>
          </>
        ) : (
          "–"
        )}
      </Table.Td>
      <Table.Td>
        <Pair before={row.missing_before} after={row.missing_after} show={percent} />
      </Table.Td>
      <Table.Td>
        <Pair before={row.mean_before} after={row.mean_after} show={number} />
        {difference !== null && (
          <Text size="xs" className="mp-soft">
            {difference > 0 && "+"}
            {amount(difference)} ({amount(row.low)} to {amount(row.high)})
          </Text>
        )}
      </Table.Td>
      <Table.Td className={classes.wrap}>
        {row.new.length > 0 && <div>new: {row.new.map(shown).join(", ")}</div>}
        {row.gone.length > 0 && <div>gone: {row.gone.map(shown).join(", ")}</div>}
        {row.new.length + row.gone.length === 0 && "–"}
      </Table.Td>
    </Table.Tr>
  );
}

/** A value whose spaces cannot be overlooked. */
function shown(value: string): string {
  return value.trim() === value && value !== "" ? value : `“${value}”`;
}

interface PairProps {
  before: number | null;
  after: number | null;
  show: (value: number | null) => string;
}

function Pair({ before, after, show }: PairProps) {
  if (before === null && after === null) return <>–</>;
  if (before === null || before === after) return <>{show(after)}</>;
  return (
    <>
      {show(before)} → {show(after)}
    </>
  );
}
