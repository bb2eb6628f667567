/** Keys of the review; they mean nothing while one types. */
import { useEffect } from "react";
import { isTyping } from "@/app/Shortcuts";
import type { Reviewing } from "@/screens/data/labels/useReview";

const WALKS = new Set(["i", "j"]);

export function useKeys(review: Reviewing) {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      const act = actOf(review, event.key);
      if (!act) return;
      event.preventDefault();
      // A key held down walks through the rows; it does not decide rows that nobody has seen.
      if (event.repeat && !WALKS.has(event.key)) return;
      act();
    }
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [review]);
}

function actOf(review: Reviewing, key: string): (() => void) | undefined {
  const choice = review.current?.choices.find((item) => item.key !== "" && item.key === key);
  if (choice) {
    return () => (choice.is_given ? review.decide("keep") : review.decide("relabel", choice.label));
  }
  const acts: Record<string, () => void> = {
    k: () => review.decide("keep"),
    r: () => review.decide("relabel"),
    u: () => review.decide("unsure"),
    z: review.undo,
    j: review.next,
    i: review.previous,
  };
  return acts[key];
}
