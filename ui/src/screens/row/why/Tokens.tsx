/** A text, each token coloured by how far it moved the answer and which way. */
import type { CSSProperties } from "react";
import type { Attribution } from "@/api/types";
import classes from "@/screens/row/why/Tokens.module.css";
import { amount as figure, signed } from "@/shared/format";

interface TokensProps {
  text: string;
  tokens: readonly Attribution[];
}

const LEAST = 0.04; // of the strongest: paler is not seen

export function Tokens({ text, tokens }: TokensProps) {
  const most = Math.max(0, ...tokens.map(({ attribution }) => Math.abs(attribution ?? 0)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long texts scroll
    <section className={classes.text} tabIndex={0} aria-label="The text, coloured">
      {pieces(text, tokens).map(({ start, words, token }) =>
        token ? <Token key={start} words={words} token={token} most={most} /> : words,
      )}
    </section>
  );
}

function Token({ words, token, most }: { words: string; token: Attribution; most: number }) {
  const amount = token.attribution ?? 0;
  const strength = most > 0 ? Math.abs(amount) / most : 0;
  if (strength < LEAST) return words;
  const style = { "--strength": `${(6 + 44 * strength).toFixed(0)}%` } as CSSProperties;
  return (
    <span
      className={classes.token}
      data-sign={amount > 0 ? "up" : "down"}
      style={style}
      title={`${words}: ${says(token)}`}
    >
      {words}
    </span>
  );
}

function says({ attribution, low, high }: Attribution): string {
  const isSampled = low !== null && high !== null && high > low;
  const interval = isSampled ? `, ${signed(low, figure)} to ${signed(high, figure)}` : "";
  return `${signed(attribution, figure)}${interval}`;
}

interface Piece {
  start: number;
  words: string;
  token?: Attribution;
}

/** The text in order: tokens, and what stands between them. */
function pieces(text: string, tokens: readonly Attribution[]): Piece[] {
  const letters = [...text]; // tokens are counted in letters, not in UTF-16
  const cut = (from: number, to?: number) => letters.slice(from, to).join("");
  const found: Piece[] = [];
  let end = 0;
  for (const token of [...tokens].sort((a, b) => a.start - b.start)) {
    if (token.start < end) continue;
    if (token.start > end) found.push({ start: end, words: cut(end, token.start) });
    found.push({ start: token.start, words: cut(token.start, token.end), token });
    end = token.end;
  }
  if (end < letters.length) found.push({ start: end, words: cut(end) });
  return found;
}
