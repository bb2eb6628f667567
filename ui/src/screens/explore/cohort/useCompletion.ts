/** What may be typed next, and whether what is typed is a cohort; asked when the typing pauses. */
import { useDebouncedValue } from "@mantine/hooks";
import { ApiError } from "@/api/client";
import { useEvaluation } from "@/api/queries";
import type { CohortFacts, Completion } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";

const COMPLETE_MS = 80;
const CHECK_MS = 450;

export interface Draft {
  text: string;
  cursor: number;
}

/** Suggestions for the draft; undefined while they are of another one. */
export function useCompletion(draft: Draft, isOn: boolean): Completion | undefined {
  const { place } = useHere();
  const [asked] = useDebouncedValue(draft, COMPLETE_MS);
  const query = useEvaluation<Completion>(
    place,
    "complete",
    { text: asked.text, cursor: asked.cursor },
    { enabled: isOn },
  );
  const isOfDraft = asked.text === draft.text && asked.cursor === draft.cursor;
  return isOn && isOfDraft && !query.isPlaceholderData ? query.data : undefined;
}

export interface Checked {
  facts: CohortFacts | undefined;
  error: ApiError | undefined;
}

/** The cohort's facts or its error, once the draft has rested. */
export function useCheck(text: string, isOn: boolean): Checked {
  const { place } = useHere();
  const [asked] = useDebouncedValue(text, CHECK_MS);
  const isAsked = isOn && asked === text && text.trim() !== "";
  const query = useEvaluation<CohortFacts>(place, "cohort", { where: asked }, { enabled: isAsked });
  if (!isAsked || query.isPlaceholderData) return { facts: undefined, error: undefined };
  const error = query.error instanceof ApiError ? query.error : undefined;
  return { facts: query.data, error };
}
