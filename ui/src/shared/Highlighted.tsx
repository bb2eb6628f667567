/** A text with the phrases that a cohort asks for marked. */
import { memo } from "react";
import { marked } from "@/shared/cohortText";

interface HighlightedProps {
  text: string;
  phrases: readonly string[];
}

export const Highlighted = memo(function Highlighted({ text, phrases }: HighlightedProps) {
  if (phrases.length === 0) return text;
  return marked(text, phrases).map((piece, place) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
    piece.isMarked ? <mark key={place}>{piece.text}</mark> : piece.text,
  );
});
