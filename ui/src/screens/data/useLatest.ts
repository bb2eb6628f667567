/** The answer before stays on screen while a job makes the next one. */
import { useState } from "react";
import type { Work } from "@/api/queries";

interface Asked<T> {
  data: Work<T> | undefined;
  isError: boolean;
}

export function useLatest<T>(work: Asked<T>): { found: T | undefined; isOld: boolean } {
  const now = work.data?.result;
  const [last, setLast] = useState<T>();
  if (now !== undefined && now !== last) setLast(now);
  if (now !== undefined) return { found: now, isOld: false };
  // A job that failed or was stopped says so itself.
  const isOver = work.isError || (work.data?.job && !isOpen(work.data.job.state));
  return isOver ? { found: undefined, isOld: false } : { found: last, isOld: last !== undefined };
}

function isOpen(state: string): boolean {
  return state === "waiting" || state === "running";
}
