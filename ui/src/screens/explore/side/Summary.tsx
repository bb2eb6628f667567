/** What is special in the selection: each metric there, in the rest, and the difference. */
import { Text } from "@mantine/core";
import { memo } from "react";
import type { Exploration, SummaryRow } from "@/api/types";
import {
  differencesText,
  differenceText,
  intervalText,
  metricText,
  spans,
} from "@/screens/explore/side/metrics";
import classes from "@/screens/explore/side/Summary.module.css";
import { count, counted, metricName } from "@/shared/format";

export const Summary = memo(function Summary({ exploration }: { exploration: Exploration }) {
  const { summary, notes, n, total } = exploration;
  const hasRest = n < total && n > 0;
  return (
    <section aria-labelledby="selection-title" className={classes.summary}>
      <h2 id="selection-title" className={classes.title}>
        {hasRest ? "Selection and rest" : n > 0 ? "All rows" : "Selection"}
      </h2>
      {hasRest ? (
        <p className={classes.legend}>
          <span>
            <i className={classes.key} data-side="selection" /> {counted(n, "row")}
          </span>
          <span>
            <i className={classes.key} data-side="rest" /> {count(total - n)} others
          </span>
          <span className={classes.right}>difference</span>
        </p>
      ) : (
        <Text size="xs" className="mp-soft" mb="xs">
          {n > 0
            ? "Click a bar or write a cohort, to compare its rows with the rest."
            : "There is no row to measure."}
        </Text>
      )}
      {n > 0 && (
        <ul className={classes.list}>
          {summary.map((row) => (
            <li key={row.metric} className={classes.metric}>
              <span className={classes.name}>{metricName(row.metric)}</span>
              {hasRest ? <Compared row={row} /> : <Side row={row} side="selection" />}
            </li>
          ))}
        </ul>
      )}
      {notes.map((note) => (
        <Text key={note} size="xs" className="mp-soft" mt={6}>
          {note}
        </Text>
      ))}
    </section>
  );
});

function Compared({ row }: { row: SummaryRow }) {
  const { metric, difference, difference_low, difference_high } = row;
  return (
    <>
      <span className={classes.difference}>
        <b>{differenceText(metric, difference)}</b>
        {difference_low !== null && (
          <span className={classes.interval}>
            {differencesText(metric, difference_low, difference_high)}
          </span>
        )}
      </span>
      <Plot row={row} />
      <Side row={row} side="selection" />
      <Side row={row} side="rest" />
    </>
  );
}

type SideName = "selection" | "rest";

function Side({ row, side }: { row: SummaryRow; side: SideName }) {
  const isRest = side === "rest";
  const [value, low, high] = isRest
    ? [row.rest, row.rest_low, row.rest_high]
    : [row.value, row.low, row.high];
  return (
    <span className={classes.side} data-side={side}>
      <b>{metricText(row.metric, value)}</b>
      {low !== null && (
        <span className={classes.interval}>{intervalText(row.metric, low, high)}</span>
      )}
    </span>
  );
}

/** The two intervals above one another. */
function Plot({ row }: { row: SummaryRow }) {
  const { value, low, high, rest, rest_low, rest_high } = row;
  if ([value, low, high, rest, rest_low, rest_high].includes(null)) return null;
  const [own, other] = spans([
    [low as number, value as number, high as number],
    [rest_low as number, rest as number, rest_high as number],
  ]);
  return (
    <span className={classes.plot} aria-hidden>
      {own && <Whisker side="selection" {...own} />}
      {other && <Whisker side="rest" {...other} />}
    </span>
  );
}

interface WhiskerProps {
  side: SideName;
  left: number;
  width: number;
  at: number;
}

function Whisker({ side, left, width, at }: WhiskerProps) {
  return (
    <span className={classes.whisker} data-side={side}>
      <i style={{ left: `${left}%`, width: `${width}%` }} />
      <b style={{ left: `${at}%` }} />
    </span>
  );
}
