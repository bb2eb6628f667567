/** What a check came to for each version of a model, the oldest first. */
import type { CheckVersion } from "@/api/types";
import classes from "@/screens/tests/Tests.module.css";

const LETTERS: Record<string, string> = { pass: "✓", fail: "✗", unsure: "?", error: "!" };

export function HistoryStrip({ rows }: { rows: readonly CheckVersion[] }) {
  return (
    <ol className={classes.strip} aria-label="By version of the model">
      {rows.map((row) => (
        <li
          key={`${row.model} ${row.dataset}`}
          data-verdict={row.verdict}
          title={`${row.model} on ${row.dataset}: ${row.verdict}. ${row.sentence}`}
        >
          <span aria-hidden>{LETTERS[row.verdict] ?? "–"}</span>
          <span className="mp-skip">{`${row.model} on ${row.dataset}: ${row.verdict}`}</span>
        </li>
      ))}
    </ol>
  );
}
