/** Problems in a column for each status. */
import { Text, Title, UnstyledButton } from "@mantine/core";
import type { ProblemRow } from "@/api/types";
import classes from "@/screens/problems/Problems.module.css";
import { STATUS, STATUSES } from "@/screens/problems/problems";
import { StatusWord } from "@/screens/problems/StatusWord";
import { VerdictWord } from "@/screens/tests/VerdictWord";
import { amount, count, percent } from "@/shared/format";

interface StatusColumnsProps {
  rows: readonly ProblemRow[];
  open: (problem: string) => void;
}

export function StatusColumns({ rows, open }: StatusColumnsProps) {
  return (
    <div className={classes.columns}>
      {STATUSES.map((status) => {
        const here = rows.filter((row) => row.status === status);
        return (
          <section key={status} aria-label={`${status}: ${here.length}`}>
            <Title order={3} fz="sm" title={STATUS[status].says}>
              <StatusWord status={status} /> <span className="mp-soft">{count(here.length)}</span>
            </Title>
            <ul className={classes.cards}>
              {here.map((row) => (
                <li key={row.problem}>
                  <Card row={row} open={() => open(row.problem)} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Card({ row, open }: { row: ProblemRow; open: () => void }) {
  return (
    <UnstyledButton className={classes.card} onClick={open}>
      <span className={`mp-sentence ${classes.title}`}>{row.title}</span>
      <Text size="xs" className="mp-soft" component="span">
        priority {amount(row.priority)} · {percent(row.share)} affected · {percent(row.error)} wrong
        {row.owner && ` · ${row.owner}`}
      </Text>
      {row.verdict && <VerdictWord word={row.verdict} />}
    </UnstyledButton>
  );
}
