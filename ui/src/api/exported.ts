/**
 * An export: this page stands in a file that holds the answers, and there is no server.
 * What the file holds is gathered by src/mispredict/server/exporting/gathering.py.
 */
import type { Example, Exploration, RowsPage } from "@/api/types";

export interface About {
  model: string;
  dataset: string;
  n: number;
  rows: number; // of each order
  worst: string; // the order that begins with the worst row
  longest_text: number;
  made_at: string;
  version: string;
}

interface RowList {
  where: string;
  order_by: string;
  rows: readonly number[];
  total: number;
  source: RowsPage["source"];
}

export interface Export {
  about: About;
  workspace: unknown;
  answers: Readonly<Record<string, unknown>>;
  columns: readonly string[];
  lists: readonly RowList[];
  records: Readonly<Record<string, readonly unknown[]>>;
}

export type Examples = Readonly<Record<string, Example>>;

/** Parameters by name, each with its values as texts; without those that have none. */
export type Given = Readonly<Record<string, readonly string[]>>;

const HOLDER = "mispredict-export";
let known: Export | null | undefined;

/** What the file holds; null on a page that a server gave. */
export function exported(): Export | null {
  if (known === undefined) {
    const text =
      typeof document === "undefined" ? null : document.getElementById(HOLDER)?.textContent;
    known = text ? (JSON.parse(text) as Export) : null;
  }
  return known;
}

let unpacked: Promise<Examples> | undefined;

/** The pages of rows, which are packed, since they are most of the file. */
export function examples(): Promise<Examples> {
  unpacked ??= unpack(document.getElementById(`${HOLDER}-rows`)?.textContent ?? "");
  return unpacked;
}

async function unpack(text: string): Promise<Examples> {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as Examples;
}

/** Why an export has no answer, and what would have it. */
interface Refusal {
  refused: string;
}

/** The answer to a request as the file has it; `rows` is asked for the pages of rows. */
export async function answerOf(
  data: Export,
  method: string,
  path: string,
  given: Given,
  rows: () => Promise<Examples> = examples,
): Promise<unknown> {
  const { model, dataset, version } = data.about;
  if (method !== "GET") return refusal(data, "is read only", "change anything");
  if (path === "session") return { signed_in: true, token_required: false, csrf: "", version };
  if (path === "workspace") return data.workspace;
  if (path === "jobs") return { rows: [] };
  const base = `evaluations/${encodeURIComponent(model)}/${encodeURIComponent(dataset)}`;
  if (path !== base && !path.startsWith(`${base}/`)) {
    return refusal(data, "holds this evaluation alone", "see all there is");
  }
  const rest = path.slice(base.length + 1);
  const row = ROW.exec(rest)?.[1];
  if (row !== undefined) {
    return exampleOf(data, (await rows())[row], given) ?? refusal(data, ...reasonOf(data, rest));
  }
  return heldOf(data, rest, given) ?? refusal(data, ...reasonOf(data, rest));
}

const ROW = /^rows\/(\d+)$/;

function heldOf(data: Export, rest: string, given: Given): unknown {
  if (rest === "rows") return pageOf(data, given);
  if (rest === "explore") return explorationOf(data, given);
  return data.answers[keyOf(rest, given)];
}

/** The same name that Python gives the answer. */
export function keyOf(path: string, given: Given): string {
  const pairs = Object.keys(given)
    .toSorted()
    .flatMap((name) => (given[name] ?? []).map((value) => [name, value]));
  return JSON.stringify([path, pairs]);
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof (answer as Refusal | null)?.refused === "string";
}

/** What it is, what it has, and what a server is for; the command between backticks. */
export function refusalOf({ about }: Export, has: string, to: string): string {
  const { model, dataset } = about;
  const command = `mispredict serve ${model}/${dataset}`;
  return `This is an export of ${model} on ${dataset}: it ${has}. Start \`${command}\` to ${to}.`;
}

function refusal(data: Export, has: string, to: string): Refusal {
  return { refused: refusalOf(data, has, to) };
}

const REASONS: readonly [RegExp, string, string][] = [
  [
    /(explanation|dependence|interactions|effects|flips|flip-points|what-if|counterfactuals)$/,
    "cannot ask the model",
    "ask it",
  ],
  [ROW, "holds other rows than this one", "see every row"],
  [
    /^(explore|cohort|complete|mask|overview|confusion|roc|precision-recall)$/,
    "shows all rows together",
    "filter them",
  ],
  [
    /^thresholds$/,
    "holds the thresholds of all rows, with both errors at the same cost",
    "see others",
  ],
  [/^clusters$/, "holds no clusters", "find them"],
  [/^(slices|tree)$/, "holds the search as it is usually done", "search anew"],
  [/^priorities$/, "holds the priorities as they are usually computed", "see others"],
];

function reasonOf({ about }: Export, rest: string): [string, string] {
  if (rest === "rows") {
    const order = about.worst === "correct" ? "wrong ones first" : `by ${about.worst}`;
    const held = `holds ${about.rows.toLocaleString("en")} rows ${order}, and as many in order`;
    return [held, "filter and sort all of them"];
  }
  const reason = REASONS.find(([of]) => of.test(rest));
  return reason ? [reason[1], reason[2]] : ["does not hold this", "see it"];
}

const first = (given: Given, name: string) => given[name]?.at(-1) ?? "";

function listOf(data: Export, given: Given): RowList | undefined {
  const where = first(given, "where");
  const order = first(given, "order_by");
  const orders = where === "" && order === "row" ? ["", "row"] : [order];
  return data.lists.find((list) => list.where === where && orders.includes(list.order_by));
}

const NUMBERS = /^row IN \(([\d, ]+)\)$/;

/** A page of rows: of a list, or by their numbers, as far as the file holds them. */
function pageOf(data: Export, given: Given): RowsPage | undefined {
  if (["column", "codes", "cursor"].some((name) => name in given)) return undefined;
  const list = listOf(data, given);
  const asked = NUMBERS.exec(first(given, "where"))?.[1];
  const numbers = asked
    ?.split(",")
    .map(Number)
    .filter((row) => data.records[row]);
  const rows = list?.rows ?? numbers;
  if (!rows) return undefined;
  const columns = given.columns ?? data.columns;
  if (columns.some((name) => !data.columns.includes(name))) return undefined;
  const places = columns.map((name) => data.columns.indexOf(name));
  const offset = Number(first(given, "offset") || 0);
  const shown = rows.slice(offset, offset + Number(first(given, "limit") || rows.length));
  return {
    columns,
    rows: shown.map((row) => {
      const values = data.records[row] ?? [];
      return Object.fromEntries(columns.map((name, i) => [name, values[places[i] ?? -1] ?? null]));
    }),
    total: rows.length,
    offset,
    next: null,
    source: list?.source ?? data.lists[0]?.source,
  } as RowsPage;
}

/** A row as it stands in the list that it was opened from. */
function exampleOf(data: Export, example: Example | undefined, given: Given) {
  const list = listOf(data, given);
  if (!example || !list) return undefined;
  const at = list.rows.indexOf(example.number);
  if (at < 0) return list.where === "" && list.order_by === "" ? example : undefined;
  return {
    ...example,
    source: list.source,
    position: at,
    total: list.total,
    previous: list.rows[at - 1] ?? null,
    next: list.rows[at + 1] ?? null,
  };
}

/** The distributions of all rows, those that are asked for. */
function explorationOf(data: Export, given: Given): Exploration | undefined {
  const whole = data.answers[keyOf("explore", {})] as Exploration | undefined;
  if (!whole || first(given, "where") !== "" || "column" in given) return undefined;
  const { columns } = given;
  if (!columns) return whole;
  const distributions = whole.distributions.filter(({ column }) => columns.includes(column));
  return { ...whole, distributions };
}
