/** Suites of the workspace: asked for, run, and changed. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { evaluationPath, get, send } from "@/api/client";
import {
  forgetEvaluation,
  isRunning,
  type Place,
  queryClient,
  useEvaluation,
  useJobEvents,
  useJobs,
} from "@/api/queries";
import type { Board, Job, SuiteList } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";

const SUITES = ["suites"];

export function useSuites() {
  return useQuery({
    queryKey: SUITES,
    queryFn: ({ signal }) => get<SuiteList>("suites", {}, signal),
  });
}

export function useBoard(suite: string) {
  const { place } = useHere();
  return useEvaluation<Board>(place, suitePath(suite));
}

/** Runs the suite, or some of its checks; `job` is there from the start until it is done. */
export function useRun(suite: string) {
  const { place, facts } = useHere();
  const jobs = useJobs();
  const [started, setStarted] = useState<Job>();
  const [error, setError] = useState<unknown>(null);
  const others = jobs.data?.rows.find(
    (job) =>
      job.kind === "suite_run" &&
      job.evaluation === facts.ref &&
      job.options.suite === suite &&
      isRunning(job),
  );
  const job = started?.options.suite === suite ? started : others;
  useJobEvents(job, () => void over(job));

  async function over(ended: Job | undefined) {
    const now = ended ? await get<Job>(`jobs/${ended.id}`) : undefined;
    setStarted(now?.state === "done" ? undefined : now);
    await Promise.all([forgetSuites(place), queryClient.invalidateQueries({ queryKey: ["jobs"] })]);
  }

  async function run(select?: readonly string[], baseline?: string) {
    setError(null);
    const path = evaluationPath(place.model, place.dataset, `${suitePath(suite)}/run`);
    try {
      const { value } = await send<Job>("POST", path, { body: { select, baseline } });
      queryClient.setQueryData(["job", value.id], value);
      setStarted(value);
    } catch (fault) {
      setError(fault);
    }
  }

  return { job, error, run, isBusy: job !== undefined && isRunning(job) };
}

/** Save the text of a whole suite; its board. */
export async function saveSuite(place: Place, text: string, was: string): Promise<Board> {
  return written(place, "POST", "suites", { text, was });
}

/** Change one check, or take it out. */
export async function changeCheck(
  place: Place,
  suite: string,
  check: string,
  text: string | null,
): Promise<Board> {
  return written(place, "PATCH", suitePath(suite), { check, text });
}

export async function addChecks(
  place: Place,
  suite: string,
  checks: readonly string[],
): Promise<Board> {
  return written(place, "POST", `${suitePath(suite)}/checks`, { checks });
}

function suitePath(suite: string): string {
  return `suites/${encodeURIComponent(suite)}`;
}

async function written(place: Place, method: string, path: string, body: object): Promise<Board> {
  const whole = evaluationPath(place.model, place.dataset, path);
  try {
    const { value } = await send<Board>(method, whole, { body });
    return value;
  } finally {
    await forgetSuites(place); // after a refusal, too: somebody else may have changed the suite
  }
}

async function forgetSuites(place: Place) {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: SUITES }),
    queryClient.invalidateQueries({
      predicate: ({ queryKey: [kind, , , endpoint] }) =>
        kind === "evaluation" && typeof endpoint === "string" && endpoint.startsWith("suites/"),
    }),
    forgetEvaluation(place),
  ]);
}
