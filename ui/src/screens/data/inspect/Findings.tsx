/** Findings by kind, the kind with the dearest finding first. */
import { Text } from "@mantine/core";
import { useState } from "react";
import type { Health, HealthFinding } from "@/api/types";
import { FindingActions } from "@/screens/data/inspect/FindingActions";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { count, counted, differing, number, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 4; // of a kind

export function Findings({ found }: { found: Health }) {
  if (found.rows.length === 0) return null;
  const kinds = byKind(found.rows);
  const says = found.measure
    ? `What its rows add to the ${found.measure} of ${found.evaluation} ranks a finding, where it has rows.`
    : "The worst first. With the predictions of a model, each says what it costs.";
  return (
    <Panel title="What looks wrong" says={says}>
      <ul className="mp-plain">
        {[...kinds].map(([title, rows]) => (
          <Kind key={title} title={title} rows={rows} found={found} />
        ))}
      </ul>
    </Panel>
  );
}

interface KindProps {
  title: string;
  rows: readonly HealthFinding[];
  found: Health;
}

function Kind({ title, rows, found }: KindProps) {
  const [isWhole, setWhole] = useState(false);
  const isOne = rows.length === 1;
  return (
    <li className={classes.kind}>
      {!isOne && (
        <h3 className="mp-sentence">
          {title} <span className="mp-soft">· {counted(rows.length, "column")}</span>
        </h3>
      )}
      <ul className="mp-plain">
        {(isWhole ? rows : rows.slice(0, SHOWN)).map((row) => (
          <Finding key={row.finding} row={row} title={isOne ? title : ""} found={found} />
        ))}
      </ul>
      <MoreButton
        n={rows.length}
        shown={SHOWN}
        things="of them"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </li>
  );
}

interface FindingProps {
  row: HealthFinding;
  title: string; // of its kind, where it is the only one
  found: Health;
}

function Finding({ row, title, found }: FindingProps) {
  const Head = title ? "h3" : "h4";
  return (
    <li className={classes.finding} data-severity={row.severity}>
      <div className={classes.mark}>
        <span className={classes.severity}>{row.severity}</span>
      </div>
      <div className={classes.words}>
        {(title || row.column) && (
          <Head className={title ? "mp-sentence" : undefined}>
            {title}
            {title && row.column && ": "}
            {row.column}
          </Head>
        )}
        <Text size="sm" className="mp-sentence">
          {row.sentence} {row.cost_sentence}
        </Text>
        <FindingActions
          where={row.where}
          kind={row.kind}
          title={row.title}
          sentence={row.sentence}
          check={row.check}
          reference={found.reference || undefined}
          marked={row.column ? [row.column] : []}
        />
      </div>
      <dl className={classes.figures}>
        {row.rows > 0 && (
          <div>
            <dt>rows</dt>
            <dd>
              {count(row.rows)} <small>{percent(row.share)}</small>
            </dd>
          </div>
        )}
        {row.cost !== null && <Cost row={row} found={found} />}
      </dl>
    </li>
  );
}

/** What its rows add, with interval, on the axis that all findings share; 0 in the middle. */
function Cost({ row, found }: { row: HealthFinding; found: Health }) {
  const show = found.measure === "error rate" ? percent : number;
  const ends = found.rows.flatMap(({ cost_low, cost_high }) => [cost_low ?? 0, cost_high ?? 0]);
  const most = Math.max(...ends.map(Math.abs)) || 1;
  const at = (x: number | null) => 50 + (50 * (x ?? 0)) / most;
  const { cost, cost_low, cost_high } = row;
  const added = differing(cost, cost_low, cost_high, show);
  return (
    <div>
      <dt>adds to the {found.measure}</dt>
      <dd>
        {added.amount} <small>{added.span}</small>
        <span className={classes.cost} data-sure={(cost_low ?? 0) > 0 || undefined} aria-hidden>
          <i style={{ left: `${at(cost_low)}%`, right: `${100 - at(cost_high)}%` }} />
          <b style={{ left: `${at(cost)}%` }} />
        </span>
      </dd>
    </div>
  );
}

/** The findings of each kind, in the order of their first ones. */
function byKind(rows: readonly HealthFinding[]): Map<string, HealthFinding[]> {
  const kinds = new Map<string, HealthFinding[]>();
  for (const row of rows) kinds.set(subject(row), [...(kinds.get(subject(row)) ?? []), row]);
  return kinds;
}

/** What is wrong, without the column that it is wrong with. */
function subject({ title, column }: HealthFinding): string {
  return column && title.startsWith(`${column}: `) ? title.slice(column.length + 2) : title;
}
