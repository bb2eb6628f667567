/** What waits for a person: problems whose check passes now, and those that came back. */
import { Button, Group, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { ProblemRow } from "@/api/types";
import classes from "@/screens/problems/Problems.module.css";
import { editProblem, type Status } from "@/screens/problems/problems";
import { Panel } from "@/shared/Panel";
import { toast } from "@/shared/toast";

interface ProposalsProps {
  rows: readonly ProblemRow[];
  open: (problem: string) => void;
}

export function Proposals({ rows, open }: ProposalsProps) {
  const passing = rows.filter((row) => row.proposal === "fixed");
  const back = rows.filter((row) => row.status === "reopened");
  if (passing.length + back.length === 0) return null;
  return (
    <Panel
      title="To decide"
      says="A model version was evaluated since; its checks say what changed. People decide."
    >
      <ul className={classes.proposals}>
        {back.map((row) => (
          <li key={row.problem} data-kind="back">
            <Name
              row={row}
              open={open}
              says={row.verdict === "fail" ? `came back in ${row.evaluation}` : "came back"}
            />
            <Group gap={6}>
              <Decide row={row} status="fixing" label="Work on it" />
              <Decide row={row} status="accepted" label="Accept it" />
            </Group>
          </li>
        ))}
        {passing.map((row) => (
          <li key={row.problem} data-kind="fixed">
            <Name row={row} open={open} says={`passes in ${row.proposed_by}: fixed?`} />
            <Group gap={6}>
              <Decide row={row} status="fixed" label="Yes, fixed" />
              <Button size="compact-xs" variant="default" onClick={() => open(row.problem)}>
                Look first
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Name({
  row,
  open,
  says,
}: {
  row: ProblemRow;
  open: ProposalsProps["open"];
  says: string;
}) {
  return (
    <div>
      <UnstyledButton className={classes.open} onClick={() => open(row.problem)} fz="sm">
        {row.title}
      </UnstyledButton>
      <Text size="xs" className="mp-soft">
        {says}
      </Text>
    </div>
  );
}

function Decide({ row, status, label }: { row: ProblemRow; status: Status; label: string }) {
  const [isBusy, setBusy] = useState(false);
  return (
    <Button
      size="compact-xs"
      variant={status === "fixed" ? "filled" : "default"}
      loading={isBusy}
      onClick={() => {
        setBusy(true);
        void setStatus(row, status).finally(() => setBusy(false));
      }}
    >
      {label}
    </Button>
  );
}

/** Give a problem another status, which can be taken back. */
export async function setStatus(row: ProblemRow, status: Status): Promise<void> {
  if (row.status === status) return;
  try {
    const now = await editProblem(row.problem, row.version, { status });
    toast({
      text: `“${row.title}” is ${status} now.`,
      action: {
        label: "Undo",
        run: () =>
          void editProblem(row.problem, now.version, { status: row.status as Status }).catch(told),
      },
    });
  } catch (fault) {
    told(fault);
  }
}

function told(fault: unknown) {
  toast({ text: fault instanceof Error ? fault.message : "Not changed.", isFault: true });
}
