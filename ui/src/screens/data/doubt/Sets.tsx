/** Conformal sets: how often they hold the label, where they do not, and how large they are. */
import { Group, Select, Slider, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useWork } from "@/api/queries";
import type { ConformalSets, CoveredRow } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { useData } from "@/screens/data/dataHere";
import { CoverageAxis } from "@/screens/data/doubt/CoverageAxis";
import classes from "@/screens/data/doubt/Doubt.module.css";
import { KeepFound } from "@/screens/data/doubt/KeepFound";
import { Sizes } from "@/screens/data/doubt/Sizes";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { usePlace } from "@/screens/data/labels/place";
import { useLatest } from "@/screens/data/useLatest";
import { CohortActions } from "@/shared/CohortActions";
import { count, counted, percent } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const TARGETS = [0.8, 0.85, 0.9, 0.95, 0.99];
const USUAL = 0.9;

export function Sets() {
  const { place } = usePlace();
  const { search } = useSearch();
  const where = one(search, "where");
  const target = Number(one(search, "target") ?? USUAL);
  const within = one(search, "within");
  const work = useWork<ConformalSets>(
    place,
    "conformal",
    { where, target, within },
    { keepsBefore: true },
  );
  const { found, isOld } = useLatest(work);
  if (!found) return <Waiting title="Making sets that hold the label" work={work} />;
  return (
    <Stack gap="md" className={isOld ? "mp-stale" : undefined}>
      <Panel
        title={found.note}
        says={`Calibrated on ${counted(found.calibrated, "row")} (${found.calibration}), judged on the ${count(found.source.n)} others. ${found.notes.join(" ")}`}
        actions={
          <KeepFound
            suite="uncertainty"
            check={found.check}
            says={`sets of ${percent(found.target, 0)} hold the label in these cohorts`}
          />
        }
      >
        <Controls target={target} within={within} />
        <Covered found={found} />
      </Panel>
      <Sizes found={found} />
    </Stack>
  );
}

function Controls({ target, within }: { target: number; within: string | undefined }) {
  const { columns, task } = useData();
  const { set } = useSearch();
  const [moved, setMoved] = useState<number>();
  const few = columns.filter(({ type }) => type === "categorical" || type === "boolean");
  return (
    <Group gap="lg" mb="md" align="flex-end" className={classes.controls}>
      <div className={classes.slider}>
        <Text size="xs" className="mp-soft">
          A set is to hold the label with {percent(moved ?? target, 0)}
        </Text>
        <Slider
          min={0.8}
          max={0.99}
          step={0.01}
          value={moved ?? target}
          onChange={setMoved}
          onChangeEnd={(value) => {
            setMoved(undefined);
            set({ target: value === USUAL ? undefined : String(value) }, { replace: true });
          }}
          label={(value) => percent(value, 0)}
          thumbLabel="Chance that a set holds the label"
          marks={TARGETS.map((value) => ({ value }))}
        />
      </div>
      <Select
        size="xs"
        w={230}
        label="Calibrated"
        allowDeselect={false}
        searchable
        value={within ?? ""}
        onChange={(name) => set({ within: name || undefined }, { replace: true })}
        data={[
          { value: "", label: "all rows together" },
          ...(task?.kind === "regression"
            ? []
            : [{ value: "prediction", label: "each prediction apart" }]),
          ...few
            .filter(({ role }) => role === "input" || role === "metadata")
            .map(({ name }) => ({ value: name, label: `each ${name} apart` })),
        ]}
      />
    </Group>
  );
}

const SHOWN = 8;
const SAYS: Record<string, string> = {
  short: "falls short",
  covered: "no sure shortfall",
  unsure: "too few rows to tell",
};

function Covered({ found }: { found: ConformalSets }) {
  const [isWhole, setWhole] = useState(false);
  const [all, ...cohorts] = found.rows;
  const short = cohorts.filter(({ verdict }) => verdict === "short");
  const shown = isWhole ? cohorts : cohorts.slice(0, Math.max(SHOWN, short.length));
  const least = Math.min(...found.rows.map(({ low }) => low ?? 1), found.target ?? 1);
  const start = Math.max(0, Math.floor(least * 20) / 20);
  return (
    <>
      {cohorts.length > 0 && (
        <Text size="sm" mb="xs">
          {short.length === 0
            ? `In none of ${count(cohorts.length)} cohorts do the sets surely hold the label less often than that.`
            : `In ${count(short.length)} of ${counted(cohorts.length, "cohort")} the sets surely hold the label less often than that.`}{" "}
          <span className="mp-soft">
            Intervals hold for all cohorts together; the line is the target.
          </span>
        </Text>
      )}
      <ul className={classes.covered}>
        {all && <Line row={all} found={found} start={start} />}
        {shown.map((row) => (
          <Line key={row.cohort} row={row} found={found} start={start} />
        ))}
      </ul>
      <MoreButton
        n={cohorts.length}
        shown={Math.max(SHOWN, short.length)}
        things="cohorts"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </>
  );
}

interface LineProps {
  row: CoveredRow;
  found: ConformalSets;
  start: number;
}

function Line({ row, found, start }: LineProps) {
  const isClasses = found.method !== "absolute" && found.method !== "scaled";
  return (
    <li data-verdict={row.verdict}>
      <div className={classes.line}>
        <b className={classes.name} title={row.cohort}>
          {row.cohort === "all" ? "all rows" : row.cohort}
        </b>
        <CoverageAxis row={row} start={start} />
        <span className={classes.says}>
          <b>{percent(row.covered)}</b>{" "}
          <span className="mp-soft">
            {percent(row.low)} – {percent(row.high)}, {counted(row.n, "row")}
          </span>
        </span>
        <span className={classes.size}>
          {(row.size ?? 0).toPrecision(3)} {isClasses ? "classes" : "wide"}
        </span>
        <span className={classes.verdict}>{SAYS[row.verdict] ?? row.verdict}</span>
      </div>
      {row.verdict === "short" && row.where && (
        <CohortActions where={row.where} suggested={`sets fall short: ${row.cohort}`} />
      )}
    </li>
  );
}
