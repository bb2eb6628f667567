/** What is wrong with the model, who cares, how bad it is here, and whether it is mended. */
import { Button, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Problems as Found, ProblemRow } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { ProblemDetail } from "@/screens/problems/ProblemDetail";
import classes from "@/screens/problems/Problems.module.css";
import { ProblemsTable } from "@/screens/problems/ProblemsTable";
import { Proposals } from "@/screens/problems/Proposals";
import { triage, useProblems } from "@/screens/problems/problems";
import { StatusColumns } from "@/screens/problems/StatusColumns";
import { problemsFor, StatusFilter } from "@/screens/problems/StatusFilter";
import { ExploreLink } from "@/shared/ExploreLink";
import { OpenProblem } from "@/shared/OpenProblem";
import { Panel } from "@/shared/Panel";
import { toast } from "@/shared/toast";

export function Problems() {
  const { place } = useHere();
  const { search, set } = useSearch();
  const found = useProblems(place);
  const name = one(search, "problem");
  const where = one(search, "where");
  return (
    <Stack gap="md" className={classes.page}>
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Title order={1}>Problems</Title>
          <Text size="sm" className="mp-soft">
            What is wrong, who cares for it, and whether it is mended.
          </Text>
        </div>
        <Group gap="xs">
          <Judge />
          <OpenProblem finding={{ kind: "cohort", where: where || undefined }} size="xs" />
        </Group>
      </Group>
      {found.isPending && <Loading label="Looking for problems" />}
      {found.isError && !found.data && (
        <Failure error={found.error} retry={() => void found.refetch()} />
      )}
      {found.data && (found.data.rows.length > 0 ? <Known found={found.data} /> : <FirstSteps />)}
      {name && <ProblemDetail key={name} name={name} close={() => set({ problem: undefined })} />}
    </Stack>
  );
}

function Known({ found }: { found: Found }) {
  const { search, set } = useSearch();
  const isByStatus = one(search, "view") === "status";
  const open = (problem: string) => set({ problem });
  return (
    <>
      <Proposals rows={found.rows} open={open} />
      <Panel
        title={isByStatus ? "By status" : "By priority"}
        says={found.explanation}
        actions={
          <SegmentedControl
            size="xs"
            aria-label="Order of problems"
            value={isByStatus ? "status" : "priority"}
            onChange={(view) => set({ view: view === "priority" ? undefined : view })}
            data={[
              { value: "priority", label: "By priority" },
              { value: "status", label: "By status" },
            ]}
          />
        }
      >
        <StatusFilter found={found} isShown={!isByStatus} />
        {isByStatus ? (
          <StatusColumns rows={found.rows} open={open} />
        ) : (
          <ByPriority rows={problemsFor(found.rows, search)} open={open} />
        )}
      </Panel>
    </>
  );
}

function ByPriority({ rows, open }: { rows: ProblemRow[]; open: (problem: string) => void }) {
  if (rows.length === 0) return <Text size="sm">No problem is like that.</Text>;
  return <ProblemsTable rows={rows} open={open} hasKeys />;
}

/** Hold all problems against this evaluation once more; it happens by itself when one is made. */
function Judge() {
  const { place } = useHere();
  const [isBusy, setBusy] = useState(false);

  async function judge() {
    setBusy(true);
    try {
      const found = await triage(place);
      toast({ text: found.summary });
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "Not judged.", isFault: true });
    }
    setBusy(false);
  }

  return (
    <Button size="xs" variant="default" loading={isBusy} onClick={() => void judge()}>
      Judge by this evaluation
    </Button>
  );
}

function FirstSteps() {
  return (
    <Panel title="No problem yet" says="A problem is a cohort that somebody cares about.">
      <ol className={classes.steps}>
        <li>
          Find rows that the model gets wrong: under Slices, in <ExploreLink>Explore</ExploreLink>,
          or on a single row.
        </li>
        <li>
          Click <b>Open a problem</b> there. Say who cares for it and how much harm it does; it gets
          a check by itself, which says when it is mended.
        </li>
        <li>
          Evaluate the next version of the model. Problems whose check passes are proposed as fixed,
          and those that come back are opened again.
        </li>
      </ol>
      <Text size="sm" className="mp-soft">
        In a terminal: mispredict problems --help. In Python: ev.open_problem(ev.slices().rows[0]).
      </Text>
    </Panel>
  );
}
