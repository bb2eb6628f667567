/** What was done to a problem, the newest first. */
import { Text } from "@mantine/core";
import type { ProblemRecord } from "@/api/types";
import { Part } from "@/screens/problems/ProblemDetail";
import classes from "@/screens/problems/Problems.module.css";
import { when } from "@/shared/format";

export function Events({ record }: { record: ProblemRecord }) {
  return (
    <Part title="History">
      <ul className={classes.list}>
        {[...record.events].reverse().map((event, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one version can hold several events
          <li key={place}>
            {event.sentence}{" "}
            <Text size="xs" className="mp-soft" component="span">
              {event.who}, {when(event.at)}
            </Text>
          </li>
        ))}
      </ul>
    </Part>
  );
}
