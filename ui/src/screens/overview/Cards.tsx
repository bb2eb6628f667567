/** Values and tokens that go with being wrong, or with being right; each is a filter. */
import { SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { CardRow, CardsPart } from "@/api/types";
import classes from "@/screens/overview/Cards.module.css";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { RateBar } from "@/shared/RateBar";

const SHOWN = 8;

export function Cards({ part, isLoss }: { part: CardsPart; isLoss: boolean }) {
  const kinds = [
    { value: "wrong", label: "Wrong", rows: [...part.mispredictive, ...part.mispredictive_tokens] },
    { value: "right", label: "Right", rows: [...part.predictive, ...part.predictive_tokens] },
    { value: "outcomes", label: "Outcomes", rows: part.outcomes },
  ].filter(({ rows }) => rows.length > 0);
  const [kind, setKind] = useState("wrong");
  const shown = (kinds.find(({ value }) => value === kind) ?? kinds[0])?.rows ?? [];
  const most = Math.max(...shown.map(({ rate }) => rate ?? 0), 0);
  return (
    <Panel
      title="What goes with it"
      says={`${count(part.significant)} of ${count(part.tested)} values tell, corrected for looking at all of them.`}
      actions={
        kinds.length > 1 && (
          <SegmentedControl
            size="xs"
            value={kind}
            onChange={setKind}
            data={kinds.map(({ value, label }) => ({ value, label }))}
            aria-label="Values that go with being"
          />
        )
      }
    >
      {shown.length === 0 && <Text size="sm">No single value goes with being wrong.</Text>}
      <ul className={classes.list}>
        {[...shown]
          .sort((a, b) => (a.p_adjusted ?? 1) - (b.p_adjusted ?? 1))
          .slice(0, SHOWN)
          .map((row) => (
            <OneCard key={row.where} row={row} most={most} isLoss={isLoss} />
          ))}
      </ul>
      {part.note && (
        <Text size="xs" className="mp-soft">
          {part.note}
        </Text>
      )}
    </Panel>
  );
}

function OneCard({ row, most, isLoss }: { row: CardRow; most: number; isLoss: boolean }) {
  const show = isLoss ? number : percent;
  return (
    <li>
      <ExploreLink where={row.where} className={classes.card}>
        <span className={classes.what}>
          <span className="mp-soft">{row.column}</span> {row.value}
        </span>
        <span className={classes.rate}>
          <b className="mp-wrong">{show(row.rate)}</b>{" "}
          <span className="mp-soft">
            {show(row.rest)} elsewhere · {count(row.n)} rows
          </span>
        </span>
        <RateBar value={row.rate} rest={row.rest} low={row.low} high={row.high} most={most * 1.1} />
      </ExploreLink>
    </li>
  );
}
