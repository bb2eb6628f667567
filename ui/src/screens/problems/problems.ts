/** Problems of the workspace: asked for, opened, changed. */
import { useQuery } from "@tanstack/react-query";
import { evaluationPath, get, type Params, send } from "@/api/client";
import { type Place, queryClient, useEvaluation } from "@/api/queries";
import type { ProblemRecord, Problems, Triage } from "@/api/types";

const PROBLEMS = "problems";

/** Problems of the whole workspace, each judged by the newest evaluation of its model. */
export function useAllProblems(params: Params) {
  return useQuery({
    queryKey: [PROBLEMS, params],
    queryFn: ({ signal }) => get<Problems>("problems", params, signal),
  });
}

/** Problems as one evaluation shows them. */
export function useProblems(place: Place, params: Params = {}) {
  return useEvaluation<Problems>(place, PROBLEMS, params);
}

export function useProblem(name: string, of: string) {
  return useQuery({
    queryKey: [PROBLEMS, name, of],
    queryFn: ({ signal }) => get<ProblemRecord>(pathOf(name), { of }, signal),
  });
}

export interface Finding {
  kind: string;
  where?: string | undefined;
  rows?: number[] | undefined;
  sentence?: string | undefined;
}

export interface ProblemDraft {
  finding: Finding;
  title: string;
  description: string;
  expected: string;
  owner: string;
  harm: number;
}

export async function openProblem(place: Place, draft: ProblemDraft): Promise<ProblemRecord> {
  const path = evaluationPath(place.model, place.dataset, PROBLEMS);
  return written("POST", path, draft);
}

export type ProblemEdit = Partial<
  Pick<
    ProblemRecord,
    "title" | "description" | "expected" | "owner" | "harm" | "status" | "where" | "target"
  >
> & { positive?: string[]; negative?: string[]; links?: string[]; reason?: string };

/** Change a problem, if nobody else has since `version`. */
export async function editProblem(
  name: string,
  version: number,
  edit: ProblemEdit,
): Promise<ProblemRecord> {
  return written("PATCH", pathOf(name), { version, ...edit });
}

export async function comment(name: string, text: string): Promise<ProblemRecord> {
  return written("POST", `${pathOf(name)}/comments`, { text });
}

export async function triage(place: Place): Promise<Triage> {
  return written("POST", evaluationPath(place.model, place.dataset, "triage"));
}

function pathOf(name: string): string {
  return `problems/${encodeURIComponent(name)}`;
}

async function written<T>(method: string, path: string, body?: object): Promise<T> {
  try {
    return (await send<T>(method, path, { body })).value;
  } finally {
    // A refusal may mean that somebody else wrote first: then what is shown is old.
    await queryClient.invalidateQueries({
      predicate: ({ queryKey: [kind, , , endpoint] }) => kind === PROBLEMS || endpoint === PROBLEMS,
    });
  }
}

export const STATUSES = ["open", "fixing", "fixed", "reopened", "accepted"] as const;
export type Status = (typeof STATUSES)[number];

/** What each status means, and the key that sets it. */
export const STATUS: Record<Status, { says: string; key: string }> = {
  open: { says: "nobody works on it yet", key: "o" },
  fixing: { says: "somebody works on it", key: "w" },
  fixed: { says: "the check passed and somebody said so", key: "f" },
  reopened: { says: "it was fixed and came back", key: "" },
  accepted: { says: "known, and left as it is", key: "a" },
};

/** The scale of harm as choices, from the words that the workspace has for it. */
export function harmChoices(harms: readonly string[] = []) {
  return harms.map((words, place) => ({
    value: String(place + 1),
    label: `${place + 1} · ${words}`,
  }));
}
