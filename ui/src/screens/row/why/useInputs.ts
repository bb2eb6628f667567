/** What the model takes: what the row has there, and what else there is in the data. */
import { useMemo } from "react";
import { useEvaluation } from "@/api/queries";
import type { Example, ModelInput, ModelInputs } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";

export type Kind = "number" | "choice" | "boolean" | "time" | "text" | "none";

export interface Input {
  column: string;
  kind: Kind;
  value: unknown;
  /** Values of the data, the most frequent first; not all where there are many. */
  choices: readonly unknown[];
  isOpen: boolean; // there are more choices
  canVary: boolean;
  low: number | null;
  high: number | null;
  decimals: number | null;
}

const KINDS: Record<string, Kind> = {
  numeric: "number",
  categorical: "choice",
  boolean: "boolean",
  datetime: "time",
  text: "text",
};

export function useInputs(example: Example) {
  const { place } = useHere();
  const query = useEvaluation<ModelInputs>(
    place,
    "inputs",
    {},
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const rows = query.data?.rows;
  const inputs = useMemo(() => {
    const values = new Map(example.values.map(({ column, value }) => [column, value]));
    return rows?.map((row) => inputOf(row, values.get(row.name)));
  }, [rows, example.values]);
  return { inputs, query };
}

function inputOf(row: ModelInput, value: unknown): Input {
  const { name, type, values, more, has_missing, can_vary, decimals } = row;
  return {
    column: name,
    kind: KINDS[type] ?? "none",
    value,
    choices: has_missing && type !== "numeric" ? [...values, null] : values,
    isOpen: more > 0,
    canVary: can_vary,
    low: numeric(row.low),
    high: numeric(row.high),
    decimals,
  };
}

function numeric(end: unknown): number | null {
  return typeof end === "number" ? end : null;
}
