/** The board: a row for each check, what fails first. */
import { Badge, Table, Text, UnstyledButton } from "@mantine/core";
import type { BoardRow } from "@/api/types";
import { Bullet } from "@/screens/tests/Bullet";
import { HistoryStrip } from "@/screens/tests/HistoryStrip";
import classes from "@/screens/tests/Tests.module.css";
import { VerdictWord } from "@/screens/tests/VerdictWord";
import { count, seconds } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

interface BoardTableProps {
  rows: readonly BoardRow[];
  open: (check: string) => void;
}

const HEADS: [string, string][] = [
  ["Check", "What is expected; click for its rows and its text"],
  ["Verdict", "pass, fail, unsure or error"],
  ["Value", "With its 95 % interval, against the bound (dashed); the good side is shaded"],
  ["Rows", "How many rows or tests it stands on"],
  ["Versions", "What it came to for each version of the model, the newest at the right"],
  ["If not passed", "Whether it blocks the suite or only warns"],
  ["Owner", "Who is to be told"],
  ["Time", "How long it took"],
];

export function BoardTable({ rows, open }: BoardTableProps) {
  return (
    <Scroll label="Table of checks">
      <Table className={classes.table} verticalSpacing={8} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {HEADS.map(([title, says]) => (
              <Table.Th key={title} title={says}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Line key={row.check} row={row} open={open} />
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

function Line({ row, open }: { row: BoardRow; open: (check: string) => void }) {
  const { verdict } = row;
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes.name}>
        <UnstyledButton className={classes.open} onClick={() => open(row.check)} fz="sm">
          {row.check}
        </UnstyledButton>
        <Text size="xs" className="mp-soft" component="span">
          {row.kind}{" "}
          {row.tags.map((tag) => (
            <Badge key={tag} size="xs" variant="default" tt="none" ml={4}>
              {tag}
            </Badge>
          ))}
        </Text>
      </Table.Th>
      <Table.Td>
        <VerdictWord word={verdict?.verdict ?? "not run"} />
      </Table.Td>
      <Table.Td>
        {verdict?.verdict === "error" ? (
          <Text size="xs">{verdict.sentence}</Text>
        ) : (
          <Bullet row={row} />
        )}
      </Table.Td>
      <Table.Td>{count(verdict?.n)}</Table.Td>
      <Table.Td>
        <HistoryStrip rows={row.history} />
      </Table.Td>
      <Table.Td>{row.severity === "warn" ? "warns" : "blocks"}</Table.Td>
      <Table.Td>{row.owner || "–"}</Table.Td>
      <Table.Td>{seconds(verdict?.seconds)}</Table.Td>
    </Table.Tr>
  );
}
