/** Rows by pages, those that are in view; what was shown stays until the first new page is there. */
import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { evaluationPath, get } from "@/api/client";
import { evaluationKey, type Place } from "@/api/queries";
import type { RowsPage } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";

export const PAGE = 100;
const REST_MS = 80;
const KEPT_MS = 60_000;

export type Row = Readonly<Record<string, unknown>>;

export interface RowsAsked {
  where: string;
  order_by: string | undefined;
  columns: readonly string[];
}

export interface RowPages {
  /** Of which question the rows are; another one than asked while that is loading. */
  asked: RowsAsked;
  key: string;
  total: number;
  rowAt: (place: number) => Row | undefined;
  isStale: boolean;
  error: unknown;
  retry: () => void;
}

interface Shown {
  asked: RowsAsked;
  key: string;
  total: number;
  pages: ReadonlyMap<number, RowsPage>;
}

export function useRowPages(
  asked: RowsAsked,
  start: number,
  first: number,
  last: number,
): RowPages {
  const { place } = useHere();
  const key = JSON.stringify(asked);
  const shown = useRef<Shown>({ asked, key: "", total: 0, pages: new Map() });
  const isNew = shown.current.key !== key;
  const inView = useRested(pagesOf(first, last));
  const wanted = isNew ? [Math.floor(start / PAGE)] : inView;
  const results = useQueries({ queries: wanted.map((page) => pageQuery(place, asked, page)) });
  const pages = new Map<number, RowsPage>();
  results.forEach(({ data }, index) => {
    if (data) pages.set(wanted[index] ?? 0, data);
  });
  const found = pages.values().next().value;
  const isReady = found !== undefined || !isNew;
  const total = found?.total ?? shown.current.total;
  const now = isReady ? { asked, key, total, pages } : shown.current;

  useEffect(() => {
    shown.current = now;
  });

  const failed = results.find(({ isError }) => isError);
  return {
    asked: now.asked,
    key: now.key,
    total: now.total,
    rowAt: (place) => now.pages.get(Math.floor(place / PAGE))?.rows[place % PAGE],
    isStale: now.key !== key,
    error: failed?.error,
    retry: () => void failed?.refetch(),
  };
}

/** The rows that a table begins with, of a cohort that was just made. */
export function firstPage(where: string, view: { order_by?: string; names: readonly string[] }) {
  return { where, order_by: view.order_by, columns: view.names };
}

export function rowsParams(asked: RowsAsked, page = 0) {
  return { ...asked, limit: PAGE, offset: page * PAGE };
}

function pageQuery(place: Place, asked: RowsAsked, page: number) {
  const params = rowsParams(asked, page);
  return {
    queryKey: evaluationKey(place, "rows", params),
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      get<RowsPage>(evaluationPath(place.model, place.dataset, "rows"), params, signal),
    gcTime: KEPT_MS,
  };
}

export function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(first, 0) / PAGE);
  const to = Math.floor(Math.max(last, 0) / PAGE);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/**
 * The pages. A jump out of rest is followed at once, but of jumps that follow one another only the
 * last, so that a drag of the scroll bar asks for few.
 */
function useRested(pages: number[]): number[] {
  const [taken, setTaken] = useState(pages);
  const movedAt = useRef(0);
  const text = pages.join();
  const isNear = pages.some((page) => taken.some((other) => Math.abs(page - other) <= 1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the pages
  useEffect(() => {
    const now = performance.now();
    const isMoving = now - movedAt.current < REST_MS;
    movedAt.current = now;
    if (isNear || !isMoving) {
      setTaken(pages);
      return;
    }
    const timer = setTimeout(() => setTaken(pages), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return isNear ? pages : taken;
}
