/** The inputs of the model: what the row has there, and what else there is in the data. */
import { useMemo } from "react";
import { useEvaluation } from "@/api/queries";
import type { Distribution, Example, Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";

export type Kind = "number" | "choice" | "boolean" | "time" | "text" | "none";

export interface Input {
  column: string;
  kind: Kind;
  value: unknown;
  /** Values of the data, the most frequent first; not all where there are many. */
  choices: readonly string[];
  isOpen: boolean; // there are more choices
  low: number | null;
  high: number | null;
  isWhole: boolean;
}

const KINDS: Record<string, Kind> = {
  numeric: "number",
  categorical: "choice",
  boolean: "boolean",
  datetime: "time",
  text: "text",
};

export function useInputs(example: Example): { inputs: readonly Input[]; isPending: boolean } {
  const { place } = useHere();
  const values = useMemo(
    () => example.values.filter(({ role }) => role === "input"),
    [example.values],
  );
  const columns = values
    .filter(({ type }) => type === "numeric" || type === "categorical")
    .map(({ column }) => column);
  const query = useEvaluation<Exploration>(
    place,
    "explore",
    { columns },
    { enabled: columns.length > 0, staleTime: Number.POSITIVE_INFINITY },
  );
  const shown = query.data?.distributions;
  const inputs = useMemo(() => {
    const known = new Map(shown?.map((item) => [item.column, item]));
    return values.map(({ column, type, value }) => ({
      column,
      kind: KINDS[type] ?? "none",
      value,
      ...within(known.get(column), value),
    }));
  }, [values, shown]);
  return { inputs, isPending: query.isLoading };
}

type Within = Pick<Input, "choices" | "isOpen" | "low" | "high" | "isWhole">;

function within(known: Distribution | undefined, value: unknown): Within {
  const nothing = { choices: [], isOpen: true, low: null, high: null, isWhole: false };
  if (!known) return nothing;
  const there = known.label.filter((_, at) => !known.is_missing[at]);
  if (known.type !== "numeric") return { ...nothing, choices: there, isOpen: known.more > 0 };
  const ends =
    known.kind === "bins" ? [...known.low, ...known.high].filter(isNumber) : there.map(numeric);
  const sure = ends.filter((end) => Number.isFinite(end));
  if (sure.length === 0) return nothing;
  const isWhole = [...sure, value ?? 0].every((end) => Number.isInteger(end));
  return { ...nothing, low: Math.min(...sure), high: Math.max(...sure), isWhole };
}

function isNumber(value: number | null): value is number {
  return value !== null;
}

function numeric(label: string): number {
  return Number(label.replaceAll(",", ""));
}
