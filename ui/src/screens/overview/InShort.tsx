/** What the whole page says, in sentences; each leads to its part, and to its rows. */
import { Alert, Skeleton, UnstyledButton } from "@mantine/core";
import { Failure } from "@/app/states";
import { type Told, told } from "@/screens/overview/findings";
import classes from "@/screens/overview/InShort.module.css";
import type { OverviewQuery } from "@/screens/overview/useOverview";
import { ExploreLink } from "@/shared/ExploreLink";
import { Panel } from "@/shared/Panel";

interface InShortProps {
  quality: OverviewQuery;
  errors: OverviewQuery;
}

export function InShort({ quality, errors }: InShortProps) {
  const found = told(quality.data?.findings ?? [], errors.data?.findings ?? []);
  const isWaiting = quality.isPending || errors.isPending;
  const warning = quality.data?.warning;
  return (
    <Panel title="In short">
      {warning && (
        <Alert color="wrong" variant="light" mb="sm" title="Mind the skew">
          {warning}
        </Alert>
      )}
      <ul className={classes.list} data-waiting={isWaiting || undefined}>
        {found
          .filter(({ sentence }) => !warning?.startsWith(sentence.replace(/\.$/, "")))
          .map((item) => (
            <Line key={item.part} item={item} />
          ))}
        {isWaiting && (
          <li
            key={found.length === 0 ? "all" : "rest"} // another one: nothing moves
            role="status"
            aria-label="Looking for what is wrong"
          >
            {[90, 70, 80].map((width) => (
              <Skeleton key={width} height={12} width={`${width}%`} my={8} />
            ))}
          </li>
        )}
      </ul>
      {quality.isError && <Failure error={quality.error} retry={() => void quality.refetch()} />}
    </Panel>
  );
}

function Line({ item }: { item: Told }) {
  return (
    <li className={classes.line}>
      <UnstyledButton className={classes.topic} onClick={() => show(item.panel)}>
        {item.topic}
      </UnstyledButton>
      <span>
        {item.sentence}
        {item.where && (
          <>
            {" "}
            <ExploreLink
              where={item.where}
              className={classes.rows}
              label={`Rows: ${item.sentence}`}
            >
              Rows
            </ExploreLink>
          </>
        )}
      </span>
    </li>
  );
}

/** Bring a part of the page to the top, for the keyboard too. */
function show(panel: string) {
  const part = document.getElementById(panel);
  part?.scrollIntoView({ block: "start" });
  part?.focus({ preventScroll: true });
}
