/** What misleads the model: features and tokens that it trusts too much or too little. */
import { Text } from "@mantine/core";
import type { Mispredictive } from "@/api/types";
import classes from "@/screens/overview/why/Misled.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { amount, count, counted } from "@/shared/format";

export function Misled({ found }: { found: Mispredictive }) {
  const { rows, tested, n, wrong, worth, note } = found;
  return (
    <section aria-label="What misleads it">
      <h3 className={classes.title}>What misleads it</h3>
      {rows.length === 0 ? (
        <Text size="sm">{note || "Nothing stands out by more than chance."}</Text>
      ) : (
        <ul className={classes.list}>
          {rows.map((row) => (
            <li key={row.feature} className={classes.item} data-direction={row.direction}>
              <span className="mp-sentence">{row.sentence}</span>
              {row.where !== "" && (
                <>
                  {" "}
                  <CohortLink where={row.where} className={classes.rows} title={row.where}>
                    Rows it pushed wrong
                  </CohortLink>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <Text size="xs" className="mp-soft" mt={6}>
        {count(tested)} were tested on {counted(n, "row")}, {count(wrong)} wrong, corrected for all.
        {worth !== null &&
          ` A push is worth ${amount(worth)} of what the model makes of it; 1 is just right.`}
      </Text>
    </section>
  );
}
