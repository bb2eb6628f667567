/** Talks to the workspace's HTTP API; every fault becomes an `ApiError` with three fields. */
import { answerOf, type Export, exported, type Given, isRefusal } from "@/api/exported";

type Value = string | number | boolean | null | undefined;

export type Params = Record<string, Value | readonly (string | number)[]>;

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string,
    readonly position: number | null = null,
  ) {
    super(message);
  }
}

/** The address of an endpoint, under whatever path the workspace is served. */
export function apiUrl(path: string, params: Params = {}): string {
  const url = new URL(`api/v1/${path}`, document.baseURI);
  for (const [key, values] of Object.entries(givenOf(params))) {
    for (const value of values) url.searchParams.append(key, value);
  }
  return url.toString();
}

/** The parameters that have a value, as texts. */
function givenOf(params: Params): Given {
  const given: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(params)) {
    const items = [value]
      .flat()
      .filter((item) => item !== undefined && item !== null && item !== "");
    if (items.length > 0) given[key] = items.map(String);
  }
  return given;
}

export function evaluationPath(model: string, dataset: string, rest = ""): string {
  const base = `evaluations/${encodeURIComponent(model)}/${encodeURIComponent(dataset)}`;
  return rest ? `${base}/${rest}` : base;
}

export function datasetPath(dataset: string, rest = ""): string {
  const base = `datasets/${encodeURIComponent(dataset)}`;
  return rest ? `${base}/${rest}` : base;
}

/** Whether the server answered the last time that it was asked; `watchReach` is told of changes. */
let isReached = true;
const watchers = new Set<() => void>();

export function reached(): boolean {
  return isReached;
}

export function watchReach(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
}

function noteReach(now: boolean) {
  if (isReached === now) return;
  isReached = now;
  for (const watcher of watchers) watcher();
}

/** Ask whether the server is there. */
export async function knock(): Promise<boolean> {
  try {
    const answer = await fetch(new URL("health", document.baseURI), { cache: "no-store" });
    noteReach(answer.ok);
  } catch {
    noteReach(false);
  }
  return isReached;
}

let csrf = "";

/** Remember the token that writes must carry. */
export function setCsrf(token: string): void {
  csrf = token;
}

export async function get<T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> {
  return (await send<T>("GET", path, { params, signal })).value;
}

export interface Answer<T> {
  status: number;
  value: T;
}

interface Sent {
  params?: Params | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

export async function send<T>(method: string, path: string, sent: Sent = {}): Promise<Answer<T>> {
  const held = exported();
  if (held) return { status: 200, value: (await heldAnswer(held, method, path, sent.params)) as T };
  const headers: Record<string, string> = { accept: "application/json" };
  if (sent.body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET" && csrf) headers["x-csrf-token"] = csrf;
  const request: RequestInit = { method, headers, credentials: "same-origin" };
  if (sent.body !== undefined) request.body = JSON.stringify(sent.body);
  if (sent.signal) request.signal = sent.signal;
  const response = await fetched(apiUrl(path, sent.params), request);
  const text = await response.text();
  if (!response.ok) throw failure(response.status, text);
  return { status: response.status, value: (text ? JSON.parse(text) : null) as T };
}

/** Ask for a file, and let the browser save it under the name that the server gives it. */
export async function download(path: string, body: unknown): Promise<void> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (csrf) headers["x-csrf-token"] = csrf;
  const request: RequestInit = { method: "POST", headers, credentials: "same-origin" };
  const response = await fetched(apiUrl(path), { ...request, body: JSON.stringify(body) });
  if (!response.ok) throw failure(response.status, await response.text());
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const url = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: url, download: name ?? "rows" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SAVED_MS);
}

const SAVED_MS = 60_000; // until the browser has surely read it

/** What is not in an export; `Failure` shows it as a note, since nothing failed. */
export const NOT_HELD = "NotInExport";

async function heldAnswer(held: Export, method: string, path: string, params: Params = {}) {
  const answer = await answerOf(held, method, path, givenOf(params));
  if (isRefusal(answer)) throw new ApiError(404, NOT_HELD, answer.refused, "");
  return answer;
}

async function fetched(url: string, request: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, request);
    noteReach(true);
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    noteReach(false);
    throw new ApiError(
      0,
      "Unreachable",
      "The workspace does not answer.",
      "Is `mispredict serve` still running? This page goes on as soon as it is.",
    );
  }
}

function failure(status: number, text: string): ApiError {
  try {
    const said = JSON.parse(text);
    if (typeof said.message === "string") {
      return new ApiError(
        status,
        said.code ?? "Error",
        said.message,
        said.hint ?? "",
        said.position ?? null,
      );
    }
  } catch {
    // not JSON: a proxy spoke, not the workspace
  }
  return new ApiError(status, "Error", `The server answered ${status}.`, "Try again in a moment.");
}

/** A fault that says in our own words what was wrong: an `ApiError`, or a job's. */
export function isProblem(error: unknown): error is { message: string; hint: string } {
  if (error instanceof ApiError) return true;
  const said = error as { code?: unknown; message?: unknown; hint?: unknown } | null;
  return typeof said?.code === "string" && typeof said.hint === "string";
}
