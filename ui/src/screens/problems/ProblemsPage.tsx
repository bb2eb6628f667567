/** All problems of the workspace, each judged by the newest evaluation of its model. */
import { Text, Title } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ProblemRow } from "@/api/types";
import { one } from "@/app/address";
import { PageFrame } from "@/app/PageFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { ProblemsTable } from "@/screens/problems/ProblemsTable";
import { useAllProblems } from "@/screens/problems/problems";
import { problemsFor, StatusFilter } from "@/screens/problems/StatusFilter";
import { Panel } from "@/shared/Panel";
import { toast } from "@/shared/toast";

/** The problem in the evaluation that it is judged by. */
function openRow(navigate: ReturnType<typeof useNavigate>, row: ProblemRow, replace = false) {
  const [model = "", dataset = ""] = row.evaluation.split("/");
  void navigate({
    to: "/e/$model/$dataset/problems",
    params: { model, dataset },
    search: { problem: row.problem } as never,
    replace,
  });
}

export function ProblemsPage() {
  const found = useAllProblems({});
  const { search } = useSearch();
  const navigate = useNavigate();
  useEffect(() => {
    document.title = "Problems · mispredict";
  }, []);

  function open(_: string, row: ProblemRow) {
    if (row.evaluation) openRow(navigate, row);
    else toast({ text: row.note, isFault: true });
  }

  const asked = one(search, "problem");
  const row = found.data?.rows.find(({ problem }) => problem === asked);
  useEffect(() => {
    if (row?.evaluation) openRow(navigate, row, true);
  }, [row, navigate]);

  return (
    <PageFrame>
      <div>
        <Title order={1}>Problems</Title>
        <Text size="sm" className="mp-soft">
          Of all models and datasets of the workspace.
        </Text>
      </div>
      {found.isPending && <Loading label="Looking for problems" />}
      {found.isError && !found.data && (
        <Failure error={found.error} retry={() => void found.refetch()} />
      )}
      {asked && found.data && !row?.evaluation && (
        <Text size="sm" role="alert" className="mp-wrong mp-sentence">
          {row ? `${row.title}: ${row.note}` : `There is no problem “${asked}”.`}
        </Text>
      )}
      {found.data && found.data.rows.length === 0 && (
        <Panel title="No problem yet" says="A problem is a cohort that somebody cares about.">
          <Text size="sm">
            Choose an evaluation on the <Link to="/">first page</Link>, find rows that are wrong
            under Slices or in Explore, and click <b>Open a problem</b>.
          </Text>
        </Panel>
      )}
      {found.data && found.data.rows.length > 0 && (
        <Panel title="By priority" says={found.data.explanation}>
          <StatusFilter found={found.data} isShown />
          <ProblemsTable rows={problemsFor(found.data.rows, search)} open={open} hasEvaluation />
        </Panel>
      )}
    </PageFrame>
  );
}
