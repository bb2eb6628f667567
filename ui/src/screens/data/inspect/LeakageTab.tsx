/** How a model can know the right answers beforehand: what was looked for, and what was found. */
import { Group, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useDatasetWork } from "@/api/queries";
import type { Leak, Leakage } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { useData } from "@/screens/data/dataHere";
import { type IntervalLine, Intervals } from "@/screens/data/Intervals";
import { AgainstPicker } from "@/screens/data/inspect/AgainstPicker";
import { FindingActions } from "@/screens/data/inspect/FindingActions";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { useAgainst } from "@/screens/data/inspect/useAgainst";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { counted, metricName, percent, short } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const WAYS: Record<string, string> = {
  exact: "The same rows in both",
  near: "Nearly the same rows in both",
  group: "Groups in both",
  time: "Rows from before the end of learning",
  feature: "A column that says too much",
  id: "An input that names its rows",
  order: "The order of the rows",
};

export function LeakageTab() {
  const { ref, columns } = useData();
  const { search, set } = useSearch();
  const against = useAgainst();
  const group = one(search, "group");
  const params = { against: against.chosen, group };
  const work = useDatasetWork<Leakage>(ref, "leakage", params);
  const found = work.data?.result;
  return (
    <Stack gap="md">
      <Panel
        title={found ? titleOf(found) : "What may give the answers away"}
        says={found?.note}
        actions={
          <Group gap="xs" align="flex-end">
            <AgainstPicker
              against={against}
              label="What the model learned from"
              without="not given"
            />
            {against.chosen && (
              <Select
                size="xs"
                w={170}
                label="Not in both"
                searchable
                allowDeselect={false}
                value={group ?? ""}
                onChange={(name) => set({ group: name || undefined })}
                data={[
                  { value: "", label: "no group" },
                  ...columns.map(({ name }) => ({ value: name, label: name })),
                ]}
              />
            )}
          </Group>
        }
      >
        {found && (
          <ul className="mp-plain">
            {found.rows.map((leak) => (
              <Found key={`${leak.leak} ${leak.column}`} leak={leak} against={found.against} />
            ))}
          </ul>
        )}
      </Panel>
      {!found && <Waiting title="Looking for leaks" work={work} />}
      {found && <Scores found={found} />}
    </Stack>
  );
}

function titleOf({ rows }: Leakage): string {
  const n = rows.filter(({ severity }) => severity !== "none").length;
  const ways = `${counted(rows.length, "way")} that were looked at`;
  return n === 0 ? `No leak in ${ways}` : `${counted(n, "leak")} in ${ways}`;
}

function Found({ leak, against }: { leak: Leak; against: string }) {
  const isFound = leak.severity !== "none";
  const isShare = leak.measure === "share of rows";
  const show = isShare ? percent : short;
  const title = WAYS[leak.leak] ?? leak.leak;
  const isBetween = ["exact", "near", "group", "time"].includes(leak.leak);
  return (
    <li className={`${classes.kind} ${classes.finding}`} data-severity={leak.severity}>
      <div className={classes.mark}>
        <span className={classes.severity}>{isFound ? leak.severity : "fine"}</span>
      </div>
      <div className={classes.words}>
        <h3 className="mp-sentence">
          {title}
          {leak.column && leak.column !== "row" && `: ${leak.column}`}
        </h3>
        <Text size="sm" className="mp-sentence">
          {leak.sentence}
        </Text>
        {isFound && (
          <FindingActions
            where={leak.where}
            kind={`${leak.leak} leak`}
            title={title}
            sentence={leak.sentence}
            check={leak.check}
            reference={isBetween ? against : undefined}
            marked={leak.column ? leak.column.split(", ") : []}
          />
        )}
      </div>
      {leak.value !== null && leak.measure !== "columns" && (
        <dl className={classes.figures}>
          <div>
            <dt>{metricName(leak.measure)}</dt>
            <dd>
              {show(leak.value)}{" "}
              <small>
                {show(leak.low)} – {show(leak.high)}, {counted(leak.n, "row")}
              </small>
            </dd>
          </div>
        </dl>
      )}
    </li>
  );
}

const SHOWN = 12;

/** How well each column alone predicts the label. */
function Scores({ found }: { found: Leakage }) {
  const { label } = useData();
  const [isWhole, setWhole] = useState(false);
  const known = found.scores.filter(({ value }) => value !== null);
  const [first] = known;
  if (!first) return null;
  const suspects = found.rows
    .filter(({ leak, severity }) => leak === "feature" && severity !== "none")
    .map(({ column }) => column);
  const lines: IntervalLine[] = known.map(({ column, value, low, high }) => ({
    name: column,
    value,
    low,
    high,
    tone: suspects.includes(column) ? "wrong" : "plain",
  }));
  const nothing = first.measure === "roc_auc" ? 0.5 : 0;
  const start = Math.min(nothing, ...known.map(({ low }) => low ?? nothing));
  return (
    <Panel
      title={`Each column alone, as a guess of ${label}`}
      says={`${metricName(first.measure)} on rows that the guess was not made from, ${nothing} says nothing; with its 95 % interval, from ${counted(first.n, "row")}. A column far ahead of all others may have been made from the label.`}
    >
      <Intervals lines={isWhole ? lines : lines.slice(0, SHOWN)} show={short} start={start} />
      <MoreButton
        n={lines.length}
        shown={SHOWN}
        things="columns"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}
