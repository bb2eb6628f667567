/** What the screens ask for, as cached queries; long work is waited for through its job. */
import {
  keepPreviousData,
  QueryCache,
  QueryClient,
  type QueryKey,
  queryOptions,
  type UseQueryOptions,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import {
  ApiError,
  apiUrl,
  datasetPath,
  evaluationPath,
  get,
  type Params,
  send,
  setCsrf,
} from "@/api/client";
import type { Facts, Job, Jobs, Session, WorkspaceSummary } from "@/api/types";

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      const isOver = error instanceof ApiError && error.status === 401;
      if (isOver && query.queryKey[0] !== "session") {
        void queryClient.invalidateQueries({ queryKey: ["session"] });
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
  },
});

/** Faults that may be gone at the next try. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 503);
}

const SESSION = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => {
    const session = await get<Session>("session", {}, signal);
    setCsrf(session.csrf ?? "");
    return session;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export function useSession() {
  return useQuery(SESSION);
}

const WORKSPACE = queryOptions({
  queryKey: ["workspace"],
  queryFn: ({ signal }) => get<WorkspaceSummary>("workspace", {}, signal),
});

export function useWorkspace() {
  return useQuery(WORKSPACE);
}

/** Which evaluation a screen is about. */
export interface Place {
  model: string;
  dataset: string;
}

const factsOf = (place: Place) =>
  queryOptions({
    queryKey: ["evaluation", place.model, place.dataset, "facts"],
    queryFn: ({ signal }) => get<Facts>(evaluationPath(place.model, place.dataset), {}, signal),
  });

export function useFacts(place: Place) {
  return useQuery(factsOf(place));
}

/** Ask for what the first screen needs, all at once, while its code is still being loaded. */
export function askAhead(place: Place | undefined) {
  void queryClient.prefetchQuery(SESSION);
  void queryClient.prefetchQuery(WORKSPACE);
  if (place) void queryClient.prefetchQuery(factsOf(place));
}

/** Ask for an endpoint of an evaluation before a screen does. */
export function askEvaluationAhead(place: Place, endpoint: string, params: Params) {
  void queryClient.prefetchQuery({
    queryKey: evaluationKey(place, endpoint, params),
    queryFn: ({ signal }) =>
      get(evaluationPath(place.model, place.dataset, endpoint), params, signal),
  });
}

type Options<T> = Partial<Pick<UseQueryOptions<T>, "enabled" | "staleTime">>;

/** One endpoint of the evaluation; the answer before stays on screen until the next is there. */
export function useEvaluation<T>(
  place: Place,
  endpoint: string,
  params: Params = {},
  options: Options<T> = {},
) {
  return useQuery<T>({
    queryKey: evaluationKey(place, endpoint, params),
    queryFn: ({ signal }) =>
      get<T>(evaluationPath(place.model, place.dataset, endpoint), params, signal),
    placeholderData: keepPreviousData,
    ...options,
  });
}

export function evaluationKey(place: Place, endpoint: string, params: Params = {}) {
  return ["evaluation", place.model, place.dataset, endpoint, params] as const;
}

export type Work<T> = { result: T; job?: undefined } | { result?: undefined; job: Job };

type WorkOptions<T> = Options<Work<T>> & {
  body?: object; // of what is asked by POST
  keepsBefore?: boolean; // the answer before stays until the next is there
};

/** An endpoint whose answer may take a job: `data.result` when it is known, else `data.job`. */
export function useWork<T>(
  place: Place,
  endpoint: string,
  params: Params = {},
  options: WorkOptions<T> = {},
) {
  const path = evaluationPath(place.model, place.dataset, endpoint);
  return useWorkAt<T>(path, evaluationKey(place, endpoint, params), params, options);
}

/** The same of any address below the API's own. */
export function useWorkAt<T>(
  path: string,
  key: QueryKey,
  params: Params = {},
  { body, keepsBefore, ...options }: WorkOptions<T> = {},
) {
  const query = useQuery<Work<T>>({
    queryKey: [...key, body],
    queryFn: async ({ signal }) => {
      const method = body === undefined ? "GET" : "POST";
      const answer = await send<T | Job>(method, path, { params, body, signal });
      if (answer.status !== 202) return { result: answer.value as T };
      void queryClient.invalidateQueries({ queryKey: ["jobs"] });
      return { job: answer.value as Job };
    },
    ...(keepsBefore ? { placeholderData: keepPreviousData } : {}),
    ...options,
  });
  useJobEvents(query.data?.job, () => void query.refetch());
  const restart = async () => {
    const job = query.data?.job;
    if (job) await startJob(job);
    await query.refetch();
  };
  return { ...query, restart: () => void restart() };
}

/** One endpoint of a dataset, which needs no model. */
export function useDataset<T>(
  dataset: string,
  endpoint = "",
  params: Params = {},
  options: Options<T> = {},
) {
  return useQuery<T>({
    queryKey: datasetKey(dataset, endpoint, params),
    queryFn: ({ signal }) => get<T>(datasetPath(dataset, endpoint), params, signal),
    placeholderData: keepPreviousData,
    ...options,
  });
}

/** One endpoint of a dataset whose answer may take a job. */
export function useDatasetWork<T>(
  dataset: string,
  endpoint: string,
  params: Params = {},
  options: WorkOptions<T> = {},
) {
  const key = datasetKey(dataset, endpoint, params);
  return useWorkAt<T>(datasetPath(dataset, endpoint), key, params, options);
}

export function datasetKey(dataset: string, endpoint = "", params: Params = {}) {
  return ["dataset", dataset, endpoint, params] as const;
}

/** After a write: ask again for what may have changed of the dataset. */
export function forgetDataset(dataset: string) {
  return queryClient.invalidateQueries({ queryKey: ["dataset", dataset] });
}

/** Start a job once more that failed or was stopped. */
async function startJob({ id, kind, evaluation, options }: Job): Promise<void> {
  const body = { kind, evaluation, options };
  const { value } = await send<Job>("POST", "jobs", { body });
  queryClient.setQueryData(["job", id], value);
}

/** All jobs, asked for again while any runs. */
export function useJobs() {
  return useQuery({
    queryKey: ["jobs"],
    queryFn: ({ signal }) => get<Jobs>("jobs", {}, signal),
    refetchInterval: (query) => (query.state.data?.rows.some(isRunning) ? JOBS_MS : false),
  });
}

const JOBS_MS = 1_500;

export async function cancelJob(job: Job): Promise<void> {
  await send("DELETE", `jobs/${job.id}`);
  await queryClient.invalidateQueries({ queryKey: ["jobs"] });
}

/** Follow a job by server-sent events; `ended` is called once when it is over. */
export function useJobEvents(job: Job | undefined, ended: () => void) {
  const client = useQueryClient();
  const id = job && isRunning(job) ? job.id : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new closure is not a new job
  useEffect(() => {
    if (id === undefined) return;
    const source = new EventSource(apiUrl(`jobs/${id}/events`));
    source.addEventListener("progress", (event) => {
      client.setQueryData(["job", id], JSON.parse(event.data) as Job);
    });
    source.addEventListener("end", () => {
      source.close();
      ended();
    });
    return () => source.close();
  }, [id, client]);
}

/** The newest state of a job that `useJobEvents` follows. */
export function useJob(job: Job | undefined): Job | undefined {
  const query = useQuery<Job | undefined>({
    queryKey: ["job", job?.id ?? ""],
    queryFn: ({ signal }) => get<Job>(`jobs/${job?.id}`, {}, signal),
    enabled: job !== undefined,
    staleTime: 5_000,
  });
  return query.data ?? job;
}

export function isRunning(job: Job): boolean {
  return job.state === "waiting" || job.state === "running";
}

/** After a write: ask again for what may have changed of the evaluation. */
export function forgetEvaluation(place: Place) {
  return queryClient.invalidateQueries({ queryKey: ["evaluation", place.model, place.dataset] });
}
