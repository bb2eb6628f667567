/** Findings by kind, the kind with the dearest finding first. */
import { Text } from "@mantine/core";
import { useState } from "react";
import type { Health, HealthFinding } from "@/api/types";
import { FindingActions } from "@/screens/data/inspect/FindingActions";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { count, number, percent, signed } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 4; // of a kind

export function Findings({ found }: { found: Health }) {
  if (found.rows.length === 0) return null;
  const kinds = Map.groupBy(found.rows, subject);
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
  return (
    <li className={classes.kind}>
      <h3 className="mp-sentence">
        {title}
        {rows.length > 1 && <span className="mp-soft"> · {count(rows.length)} columns</span>}
      </h3>
      <ul className="mp-plain">
        {(isWhole ? rows : rows.slice(0, SHOWN)).map((row) => (
          <Finding key={row.finding} row={row} found={found} />
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

function Finding({ row, found }: { row: HealthFinding; found: Health }) {
  const show = found.measure === "error rate" ? percent : number;
  return (
    <li className={classes.finding} data-severity={row.severity}>
      <div className={classes.mark}>
        <span className={classes.severity}>{row.severity}</span>
      </div>
      <div className={classes.words}>
        {row.column && <b>{row.column}</b>}
        <Text size="sm" className="mp-sentence">
          {row.sentence}
        </Text>
        {row.cost_sentence && (
          <Text size="sm" className="mp-sentence">
            {row.cost_sentence}
          </Text>
        )}
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
        {row.cost !== null && (
          <div>
            <dt>adds to the {found.measure}</dt>
            <dd>
              {signed(row.cost, show)}{" "}
              <small>
                {signed(row.cost_low, show)} to {signed(row.cost_high, show)}
              </small>
            </dd>
          </div>
        )}
      </dl>
    </li>
  );
}

/** What is wrong, without the column that it is wrong with. */
function subject({ title, column }: HealthFinding): string {
  return column && title.startsWith(`${column}: `) ? title.slice(column.length + 2) : title;
}
