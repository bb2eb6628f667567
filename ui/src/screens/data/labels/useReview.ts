/** The queue of labels: which row is looked at, what was decided, one step back. */
import { useRef, useState } from "react";
import { evaluationPath, send } from "@/api/client";
import { forgetDataset, useEvaluation } from "@/api/queries";
import type { LabelDecisions, LabelQueue, QueueRow } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { usePlace } from "@/screens/data/labels/place";
import { toast } from "@/shared/toast";
import { usePreference } from "@/shared/usePreference";

export type Word = "keep" | "relabel" | "unsure";

export interface Mark {
  decision: Word;
  label: QueueRow["suggested"];
}

const PAGE = 100;
const FOR_LONG = Number.POSITIVE_INFINITY;

export function useReview() {
  const { place } = usePlace();
  const { search, set } = useSearch();
  const order = one(search, "order") ?? "score";
  const audit = one(search, "audit") ? AUDITED : 0;
  const where = one(search, "where");
  const near = one(search, "near");
  const queue = useEvaluation<LabelQueue>(
    place,
    "label-queue",
    { where, order, near, limit: PAGE, audit },
    { staleTime: FOR_LONG },
  );
  const [marks, setMarks] = useState<ReadonlyMap<number, Mark>>(new Map());
  const [last, setLast] = useState<readonly number[]>([]);
  const [noted, setNoted] = useState({ row: -1, text: "" });
  const [who, setWho] = usePreference("reviewer", "");
  const sent = useRef<Promise<unknown>>(Promise.resolve());

  const rows = queue.data?.rows ?? [];
  const asked = Number(one(search, "row") ?? Number.NaN);
  const found = rows.findIndex(({ row }) => row === asked);
  const at =
    found >= 0
      ? found
      : Math.max(
          0,
          rows.findIndex(({ row }) => !marks.has(row)),
        );
  const current = rows[at];
  const note = noted.row === current?.row ? noted.text : "";

  const show = (row: number | undefined) =>
    set({ row: row === undefined ? undefined : String(row) }, { replace: true });

  function step(by: number) {
    const next = rows[at + by];
    if (next) show(next.row);
  }

  /** Decisions are sent one after the other, so that the last word holds. */
  function write(row: number, body: object, undone: () => void) {
    const path = evaluationPath(place.model, place.dataset, "label-decisions");
    sent.current = sent.current
      .then(() => send<LabelDecisions>("POST", path, { body: { rows: [row], who, ...body } }))
      .then(() => forgetDataset(place.dataset))
      .catch((fault: unknown) => {
        undone();
        toast({
          text: fault instanceof Error ? fault.message : "The decision was not kept.",
          isFault: true,
        });
      });
  }

  const unmark = (row: number) =>
    setMarks((before) => new Map([...before].filter(([key]) => key !== row)));

  function decide(decision: Word, label: QueueRow["suggested"] = null) {
    if (!current) return;
    const { row, suggested, kind } = current;
    const chosen = decision === "relabel" ? (label ?? suggested) : null;
    setMarks((before) => new Map(before).set(row, { decision, label: chosen }));
    setLast((before) => [...before, row]);
    const body = {
      decision,
      note,
      audit: kind === "audit",
      ...(chosen === null ? {} : { label: chosen }),
    };
    write(row, body, () => unmark(row));
    const next =
      rows.slice(at + 1).find((item) => !marks.has(item.row)) ??
      rows.find((item) => item.row !== row && !marks.has(item.row));
    if (next) show(next.row);
  }

  function undo() {
    const row = last.at(-1);
    if (row === undefined) return;
    const before = marks.get(row);
    setLast(last.slice(0, -1));
    unmark(row);
    show(row);
    write(row, { decision: "undo" }, () => {
      if (before) setMarks((now) => new Map(now).set(row, before));
    });
  }

  /** The next rows, once the decisions about these are kept. */
  async function more() {
    await sent.current;
    setMarks(new Map());
    setLast([]);
    show(undefined);
    await queue.refetch();
  }

  const done = (queue.data?.done ?? 0) + marks.size;
  return {
    queue,
    rows,
    at,
    current,
    mark: current && marks.get(current.row),
    marks,
    done,
    total: queue.data?.total ?? 0,
    who,
    setWho,
    note,
    setNote: (text: string) => setNoted({ row: current?.row ?? -1, text }),
    order,
    isAudited: audit > 0,
    canUndo: last.length > 0,
    choose: (changes: Record<string, string | undefined>) => set({ ...changes, row: undefined }),
    show,
    next: () => step(1),
    previous: () => step(-1),
    decide,
    undo,
    more: () => void more(),
  };
}

export type Reviewing = ReturnType<typeof useReview>;

const AUDITED = 20;
