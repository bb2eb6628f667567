/** The regions in words, those with most rows first. */
import { Badge, Text } from "@mantine/core";
import { useState } from "react";
import type { Coverage, CoverageRow } from "@/api/types";
import { type IntervalLine, Intervals } from "@/screens/data/Intervals";
import { FindingActions } from "@/screens/data/inspect/FindingActions";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { counted, number, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 10;
const KINDS: Record<string, string> = {
  value: "a new value",
  range: "out of range",
  missing: "newly missing",
  combination: "a rare combination",
  neighbourhood: "far from all",
};

export function Regions({ found }: { found: Coverage }) {
  const [isWhole, setWhole] = useState(false);
  if (found.rows.length === 0) return null;
  return (
    <Panel title="Regions" says="Those with most rows first; a row may be in several.">
      <ol className="mp-plain">
        {(isWhole ? found.rows : found.rows.slice(0, SHOWN)).map((row) => (
          <Region key={row.where} row={row} found={found} />
        ))}
      </ol>
      <MoreButton
        n={found.rows.length}
        shown={SHOWN}
        things="regions"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}

function Region({ row, found }: { row: CoverageRow; found: Coverage }) {
  const show = found.measure === "error rate" ? percent : number;
  const lines: IntervalLine[] = [
    {
      name: `${found.measure} there`,
      value: row.error,
      low: row.error_low,
      high: row.error_high,
      tone: "strong",
    },
    { name: "elsewhere", value: row.rest },
  ];
  return (
    <li className={`${classes.kind} ${classes.region}`}>
      <div className={classes.words}>
        <Text size="sm" className="mp-sentence">
          {row.sentence}{" "}
          <Badge variant="light" color="gray" tt="none" size="sm">
            {KINDS[row.kind] ?? row.kind}
          </Badge>
        </Text>
        <FindingActions
          where={row.where}
          kind="coverage"
          title={row.where}
          sentence={row.sentence}
          marked={row.column.split(", ")}
        />
      </div>
      <div>
        <p className="mp-soft mp-note">
          {counted(row.n, "row")}: {percent(row.share)} ({percent(row.low)} – {percent(row.high)})
          here, {percent(row.reference_share)} there
        </p>
        {row.error !== null && <Intervals lines={lines} show={show} start={0} />}
      </div>
    </li>
  );
}
