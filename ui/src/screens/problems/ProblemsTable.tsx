/** Problems with the sum of their priority, the most urgent first; driven by keys where asked. */
import { Badge, Table, Text, UnstyledButton } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { ProblemRow } from "@/api/types";
import { isTyping } from "@/app/Shortcuts";
import classes from "@/screens/problems/Problems.module.css";
import { setStatus } from "@/screens/problems/Proposals";
import { STATUS, STATUSES } from "@/screens/problems/problems";
import { StatusWord } from "@/screens/problems/StatusWord";
import { VerdictWord } from "@/screens/tests/VerdictWord";
import { Estimate } from "@/shared/Estimate";
import { amount, count, percent } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

interface ProblemsTableProps {
  rows: readonly ProblemRow[];
  open: (problem: string, row: ProblemRow) => void;
  hasKeys?: boolean;
  hasEvaluation?: boolean; // says which evaluation judges each
}

const HEADS: [string, string][] = [
  ["Problem", "Click for its rows, its check and its history"],
  ["Priority", "Share × error × harm, from 0 to 100, with its 95 % interval"],
  ["Status", "What is done about it"],
  ["Affected", "Rows or users in its cohort, and their share"],
  ["Error", "How wrong the model is there"],
  ["Harm", "From 1, hardly noticed, to 5, danger"],
  ["Check", "What its check came to in this evaluation"],
  ["Owner", "Who cares for it"],
  ["Open", "For how many days"],
];

export function ProblemsTable({ rows, open, hasKeys, hasEvaluation }: ProblemsTableProps) {
  const [at, setAt] = useState(-1);
  const body = useRef<HTMLTableSectionElement>(null);
  useKeys(rows, hasKeys === true, at, setAt, open);
  useEffect(() => {
    if (at >= 0) body.current?.rows[at]?.querySelector("button")?.focus();
  }, [at]);
  const most = Math.max(...rows.map(({ priority }) => priority ?? 0), 1e-9);
  return (
    <>
      <Scroll label="Table of problems">
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
          <Table.Tbody ref={body}>
            {rows.map((row) => (
              <Line
                key={row.problem}
                row={row}
                most={most}
                open={() => open(row.problem, row)}
                hasEvaluation={hasEvaluation === true}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      {hasKeys && (
        <Text className={`mp-note mp-soft ${classes.keys}`}>
          Keys: j and k go through the problems, Enter opens one;{" "}
          {STATUSES.filter((status) => STATUS[status].key)
            .map((status) => `${STATUS[status].key} ${status}`)
            .join(", ")}
          .
        </Text>
      )}
    </>
  );
}

interface LineProps {
  row: ProblemRow;
  most: number;
  open: () => void;
  hasEvaluation: boolean;
}

function Line({ row, most, open, hasEvaluation }: LineProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes.name}>
        <UnstyledButton className={`mp-sentence ${classes.open}`} onClick={open} fz="sm">
          {row.title}
        </UnstyledButton>
        <Text size="xs" className="mp-soft" component="span">
          {hasEvaluation ? row.evaluation || "not evaluated yet" : row.where}
          {row.comments > 0 && ` · ${counted(row.comments, "comment")}`}
        </Text>
      </Table.Th>
      <Table.Td title={row.working}>
        <Estimate value={row.priority} low={row.low} high={row.high} n={row.n} show={amount} />
        <span
          className={classes.bar}
          style={{ width: `${(100 * (row.priority ?? 0)) / most}%` }}
          aria-hidden
        />
      </Table.Td>
      <Table.Td>
        <StatusWord status={row.status} />
        {row.proposal && (
          <Badge size="xs" variant="light" tt="none" mt={2}>
            fixed?
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        {count(row.affected)} <span className="mp-soft">{percent(row.share)}</span>
      </Table.Td>
      <Table.Td>{percent(row.error)}</Table.Td>
      <Table.Td title={row.harm_words}>{row.harm} of 5</Table.Td>
      <Table.Td>{row.verdict ? <VerdictWord word={row.verdict} /> : "–"}</Table.Td>
      <Table.Td>{row.owner || "–"}</Table.Td>
      <Table.Td>{counted(row.open_days, "day")}</Table.Td>
    </Table.Tr>
  );
}

function counted(n: number, thing: string): string {
  return `${count(n)} ${thing}${n === 1 ? "" : "s"}`;
}

/** j and k go through the rows, Enter opens, a letter sets the status. */
function useKeys(
  rows: readonly ProblemRow[],
  isOn: boolean,
  at: number,
  go: (at: number) => void,
  open: ProblemsTableProps["open"],
) {
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === "j") go(Math.min(at + 1, rows.length - 1));
      if (event.key === "k") go(Math.max(at - 1, 0));
      const row = rows[at];
      if (!row) return;
      const status = STATUSES.find((name) => STATUS[name].key === event.key);
      if (status) void setStatus(row, status);
      const isButton = (event.target as HTMLElement | null)?.closest("button, a");
      if (event.key === "Enter" && !isButton) open(row.problem, row);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [rows, isOn, at, go, open]);
}
