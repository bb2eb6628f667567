/** Better, worse, mixed, unclear or the same: with a sign, so that it is not told by colour alone. */
import classes from "@/screens/compare/Compare.module.css";

const SIGNS: Record<string, string> = {
  better: "▲",
  worse: "▼",
  mixed: "◆",
  unclear: "○",
  same: "=",
  changed: "•",
};
const WORDS: Record<string, string> = { mixed: "better and worse", unclear: "may be chance" };

export function Word({ word }: { word: string }) {
  return (
    <span className={classes.word} data-word={word}>
      <span aria-hidden>{SIGNS[word] ?? ""}</span> {WORDS[word] ?? word}
    </span>
  );
}
