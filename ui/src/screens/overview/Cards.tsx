/** Values and tokens that go with being wrong, or with being right; each is a filter. */
import { SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { CardRow, CardsPart } from "@/api/types";
import classes from "@/screens/overview/Cards.module.css";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, counted, number, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { RateBar, RateLegend } from "@/shared/RateBar";

const SHOWN = 8;

export function Cards({ part, isLoss }: { part: CardsPart; isLoss: boolean }) {
  const groups = groupsOf(part, isLoss);
  const [chosen, setChosen] = useState("wrong");
  const [isWhole, setWhole] = useState(false);
  const group = groups.find(({ value }) => value === chosen) ?? groups[0];
  const rows = group?.rows ?? [];
  const most = Math.max(0, ...rows.flatMap(({ high, rest }) => [high ?? 0, rest ?? 0]));
  return (
    <Panel
      name="cards"
      title={titleOf(group?.value === "right", isLoss)}
      says={`${count(part.significant)} of ${count(part.tested)} values differ by more than chance, corrected for all of them.`}
      actions={
        groups.length > 1 && (
          <SegmentedControl
            size="xs"
            value={group?.value ?? "wrong"}
            onChange={setChosen}
            data={groups.map(({ value, label }) => ({ value, label }))}
            aria-label="What goes with"
          />
        )
      }
    >
      {rows.length === 0 ? (
        <Text size="sm">No single value stands out by more than chance.</Text>
      ) : (
        <RateLegend measure={isLoss ? "mean loss" : "wrong"} />
      )}
      <ul className={classes.list}>
        {(isWhole ? rows : rows.slice(0, SHOWN)).map((row) => (
          <OneCard key={`${row.kind} ${row.where}`} row={row} most={most} isLoss={isLoss} />
        ))}
      </ul>
      <MoreButton
        n={rows.length}
        shown={SHOWN}
        things="values"
        isWhole={isWhole}
        setWhole={setWhole}
      />
      {part.note && (
        <Text size="xs" className="mp-soft" mt="xs">
          {part.note}
        </Text>
      )}
    </Panel>
  );
}

function titleOf(isRight: boolean, isLoss: boolean): string {
  if (isLoss) return `What goes with a ${isRight ? "small" : "large"} loss`;
  return `What goes with being ${isRight ? "right" : "wrong"}`;
}

function groupsOf(part: CardsPart, isLoss: boolean) {
  return [
    {
      value: "wrong",
      label: isLoss ? "Large loss" : "Wrong",
      rows: byCertainty([...part.mispredictive, ...part.mispredictive_tokens]),
    },
    {
      value: "right",
      label: isLoss ? "Small loss" : "Right",
      rows: byCertainty([...part.predictive, ...part.predictive_tokens]),
    },
    { value: "outcomes", label: "Outcomes", rows: part.outcomes },
  ].filter(({ rows }) => rows.length > 0);
}

/** Values and tokens in one list, the most certain first. */
function byCertainty(rows: CardRow[]): CardRow[] {
  return rows.sort((a, b) => (a.p_adjusted ?? 1) - (b.p_adjusted ?? 1));
}

function OneCard({ row, most, isLoss }: { row: CardRow; most: number; isLoss: boolean }) {
  const show = isLoss ? number : percent;
  const isGood = (row.rate ?? 0) < (row.rest ?? 0);
  return (
    <li>
      <ExploreLink where={row.where} className={classes.card}>
        <span className={classes.what}>
          <span className="mp-soft">{row.column}</span> {row.value}
        </span>
        <span className={classes.rate}>
          <b className={isGood ? "mp-right" : "mp-wrong"}>{show(row.rate)}</b>{" "}
          <span className="mp-soft">
            {show(row.rest)} elsewhere · {counted(row.n, "row")}
          </span>
        </span>
        <RateBar
          value={row.rate}
          rest={row.rest}
          low={row.low}
          high={row.high}
          most={most}
          isGood={isGood}
        />
      </ExploreLink>
    </li>
  );
}
