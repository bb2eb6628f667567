/** All models called on a dataset version: which were evaluated, which cannot be, and why. */
import { Button, Group, Select, Table, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, send } from "@/api/client";
import { isRunning, queryClient, useDataset, useJob, useJobEvents } from "@/api/queries";
import type { DatasetFacts, Job, ModelBoard, Reevaluated } from "@/api/types";
import { Failure } from "@/app/states";
import classes from "@/screens/compare/Compare.module.css";
import { seconds } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

interface ReevaluateProps {
  board: ModelBoard;
  again: () => void; // asks for the board anew
}

const WORDS: Record<string, string> = {
  evaluated: "evaluated now",
  known: "evaluated before",
  cannot: "cannot be called",
  failed: "failed",
};

export function Reevaluate({ board, again }: ReevaluateProps) {
  const name = (board.datasets[0]?.dataset ?? "").split("@")[0] ?? "";
  const facts = useDataset<DatasetFacts>(name);
  const versions = facts.data?.versions.map(({ ref }) => ref) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const dataset = chosen ?? facts.data?.ref ?? board.datasets[0]?.dataset ?? "";
  const [started, setStarted] = useState<Job>();
  const [error, setError] = useState<unknown>(null);
  const job = useJob(started);
  useJobEvents(started, () => {
    again();
    void queryClient.invalidateQueries({ queryKey: ["workspace"] });
    void queryClient.invalidateQueries({ queryKey: ["job", started?.id] });
  });
  const isBusy = job !== undefined && isRunning(job);

  async function start() {
    setError(null);
    try {
      const body = { kind: "reevaluate", dataset, options: {} };
      setStarted((await send<Job>("POST", "jobs", { body })).value);
      void queryClient.invalidateQueries({ queryKey: ["jobs"] });
    } catch (fault) {
      setError(fault);
    }
  }

  return (
    <Panel
      title="Evaluate again"
      says="A new version of the data asks every model that can be called from here."
      actions={
        <Group gap="xs">
          <Select
            size="xs"
            w={160}
            aria-label="On which version of the data"
            allowDeselect={false}
            value={dataset}
            onChange={setChosen}
            data={[...new Set([dataset, ...versions])]}
          />
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            disabled={isBusy || !dataset}
            onClick={() => void start()}
          >
            Evaluate all models
          </Button>
        </Group>
      }
    >
      {error !== null && <Failure error={error} />}
      {job && job.state !== "done" && <JobProgress job={job} retry={() => void start()} />}
      {job?.state === "done" && <Outcome job={job} />}
      {!job && (
        <Text size="sm" className="mp-soft">
          Models whose predictions alone are known are left as they are; add their predictions for
          the new version instead.
        </Text>
      )}
    </Panel>
  );
}

function Outcome({ job }: { job: Job }) {
  const found = useQuery({
    queryKey: ["job", job.id, "result", job.ended_at],
    queryFn: ({ signal }) => get<Reevaluated>(`jobs/${job.id}/result`, {}, signal),
  });
  if (found.isError) return <Failure error={found.error} />;
  if (!found.data) return null;
  return (
    <>
      <Text size="sm" mb="xs" role="status">
        {found.data.dataset}: {found.data.summary}
      </Text>
      <Scroll label="Table of models that were called">
        <Table className={classes.table} verticalSpacing={4} horizontalSpacing="sm" fz="sm">
          <Table.Tbody>
            {found.data.rows.map((row) => (
              <Table.Tr key={row.model}>
                <Table.Th scope="row">{row.model}</Table.Th>
                <Table.Td>{WORDS[row.outcome] ?? row.outcome}</Table.Td>
                <Table.Td className="mp-soft">{row.why}</Table.Td>
                <Table.Td>{row.outcome === "evaluated" ? seconds(row.seconds) : ""}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </>
  );
}
