/** A cohort that is being typed: its text, what may come next, what is wrong with it. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, evaluationPath, get } from "@/api/client";
import { evaluationKey } from "@/api/queries";
import type { CohortFacts, Suggestion } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { taken } from "@/screens/explore/cohort/place";
import { type Draft, useCheck, useCompletion } from "@/screens/explore/cohort/useCompletion";

interface Refused {
  text: string;
  error: ApiError;
}

/** `fault` is what is wrong with the cohort of the address. */
export function useDraft(where: string, fault: ApiError | undefined, onGo: (to: string) => void) {
  const { place } = useHere();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(atEnd(where));
  const [known, setKnown] = useState(where);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [refused, setRefused] = useState<Refused | null>(null);
  if (known !== where) {
    setKnown(where);
    setDraft(atEnd(where));
  }
  const isDirty = draft.text.trim() !== where;
  const completion = useCompletion(draft, isOpen);
  const items = completion?.items ?? [];
  const checked = useCheck(draft.text, isDirty);

  function change(text: string, cursor: number) {
    setDraft({ text, cursor });
    setOpen(true);
    setActive(-1);
  }

  /** Where the cursor is then. */
  function take(item: Suggestion): number {
    if (!completion) return draft.cursor;
    const next = taken(draft.text, completion, item);
    setDraft(next);
    setActive(-1);
    return next.cursor;
  }

  /** Look at the rows of the cohort; what is none yet is completed, where it can be. */
  async function submit() {
    const [first] = items;
    setOpen(false);
    const text = draft.text.trim();
    if (text === "") {
      onGo("");
      return;
    }
    const params = { where: text };
    try {
      const path = evaluationPath(place.model, place.dataset, "cohort");
      const facts = await client.fetchQuery({
        queryKey: evaluationKey(place, "cohort", params),
        queryFn: ({ signal }) => get<CohortFacts>(path, params, signal),
      });
      onGo(facts.where);
      setDraft(atEnd(facts.where));
    } catch (error) {
      if (!(error instanceof ApiError)) return;
      if (first) {
        take(first);
        setOpen(true);
      } else setRefused({ text, error });
    }
  }

  function reset() {
    setDraft(atEnd(where));
    setRefused(null);
  }

  // Half a word is no fault while there is something to complete it by.
  const typed = items.length > 0 ? undefined : checked.error;
  const said = refused?.text === draft.text.trim() ? refused.error : typed;
  return {
    draft,
    setDraft,
    isOpen,
    setOpen,
    active,
    setActive,
    items,
    error: isDirty ? said : fault,
    facts: isDirty ? checked.facts : undefined,
    change,
    take,
    submit,
    reset,
  };
}

function atEnd(text: string): Draft {
  return { text, cursor: text.length };
}
