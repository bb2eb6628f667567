/** Errors left if the model may leave out the rows it doubts most, by each measure of doubt. */
import { Group, Slider, Stack, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { useWork } from "@/api/queries";
import type { Uncertainty } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/data/doubt/Doubt.module.css";
import { KeepFound } from "@/screens/data/doubt/KeepFound";
import { Measures } from "@/screens/data/doubt/Measures";
import { Mistakes } from "@/screens/data/doubt/Mistakes";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { usePlace } from "@/screens/data/labels/place";
import { useLatest } from "@/screens/data/useLatest";
import { counted, metricName, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 300;
const USUAL = 0.1;

export function Risk() {
  const { place } = usePlace();
  const { search } = useSearch();
  const where = one(search, "where");
  const doubted = Number(one(search, "doubted") ?? USUAL);
  const measure = one(search, "measure");
  const all = useWork<Uncertainty>(place, "uncertainty", { where, doubted }, { keepsBefore: true });
  const own = useWork<Uncertainty>(
    place,
    "uncertainty",
    { where, doubted, by: measure },
    { keepsBefore: true, enabled: measure !== undefined },
  );
  const work = measure === undefined || own.isError ? all : own;
  const latestOwn = useLatest(own);
  const latestAll = useLatest(all);
  const { found, isOld } = work === own ? latestOwn : latestAll;
  const every = latestAll.found;
  if (!found || !every) return <Waiting title="Errors by doubt" work={found ? all : work} />;
  return (
    <Stack gap="md" className={isOld ? "mp-stale" : undefined}>
      <Curve found={found} />
      <Mistakes found={found} />
      <Measures found={every} shown={found.measure} />
    </Stack>
  );
}

function Curve({ found }: { found: Uncertainty }) {
  const { search, set } = useSearch();
  const asked = Number(one(search, "doubted") ?? USUAL);
  const [moved, setMoved] = useState<number>();
  const show = showOf(found);
  const draw = useCallback((plot: Library) => drawn(plot, found), [found]);
  const whole = found.rows[0];
  return (
    <Panel
      title={found.note}
      says={`Rows in the order of ${metricName(found.measure)}, the surest first; ${counted(found.source.n, "row")} with a label.`}
      actions={
        found.check && (
          <KeepFound
            suite="uncertainty"
            check={found.check}
            says={`the ${found.metric} of the surest rows stays as low`}
          />
        )
      }
    >
      <p className={classes.key}>
        <span>
          <i data-mark="curve" aria-hidden /> {found.metric}, with its 95 % interval
        </span>
        <span>
          <i data-mark="best" aria-hidden /> if every wrong row came last
        </span>
        <span>
          <i data-mark="cut" aria-hidden /> left out
        </span>
      </p>
      <PlotFigure
        height={HEIGHT}
        draw={draw}
        label={`${found.metric} by the share of rows that are kept, the surest first. ${found.rows
          .map(({ kept, value }) => `${percent(kept)}: ${show(value)}`)
          .join("; ")}`}
      />
      <Group gap="lg" align="center" mt="xs" className={classes.controls}>
        <div className={classes.slider}>
          <Text size="xs" className="mp-soft">
            The model may leave out {percent(moved ?? asked, 0)} of the rows
          </Text>
          <Slider
            min={0.01}
            max={0.5}
            step={0.01}
            value={moved ?? asked}
            onChange={setMoved}
            onChangeEnd={(value) => {
              setMoved(undefined);
              set({ doubted: value === USUAL ? undefined : String(value) }, { replace: true });
            }}
            label={(value) => percent(value, 0)}
            thumbLabel="Share of rows that may be left out"
          />
        </div>
        {whole && (
          <Text size="xs" className="mp-soft">
            Of all rows: {show(whole.value)} ({show(whole.low)} – {show(whole.high)})
          </Text>
        )}
      </Group>
      {found.notes.map((note) => (
        <Text key={note} size="xs" className="mp-soft mp-sentence" mt={6}>
          {note}
        </Text>
      ))}
    </Panel>
  );
}

function showOf(found: Uncertainty) {
  return found.metric === "error rate" ? percent : number;
}

function drawn(plot: Library, found: Uncertainty) {
  const show = showOf(found);
  const curve = found.curve.map((point) => ({ ...point }));
  const cut = 1 - (found.doubted ?? 0);
  const most = Math.max(...found.rows.map(({ high }) => high ?? 0));
  const points = found.rows.map((row) => ({ ...row }));
  return {
    marginLeft: 58,
    marginBottom: 40,
    x: {
      domain: [0, 1],
      label: "share of the rows that are kept",
      tickFormat: (x: number) => percent(x, 0),
    },
    y: {
      label: found.metric,
      tickFormat: (y: number) => show(y),
      domain: [0, most * 1.1],
      clamp: true,
      grid: true,
    },
    marks: [
      plot.areaY(curve, {
        x: "kept",
        y1: "low",
        y2: "high",
        fill: "var(--mp-rows)",
        fillOpacity: 0.25,
        clip: true,
      }),
      plot.line(curve, {
        x: "kept",
        y: "best",
        stroke: "var(--mp-soft)",
        strokeDasharray: "3 4",
        clip: true,
      }),
      plot.line(curve, { x: "kept", y: "value", stroke: "var(--mp-rows)", strokeWidth: 2 }),
      plot.ruleX([cut], { stroke: "var(--mp-wrong)", strokeDasharray: "5 4" }),
      plot.dot(points, {
        x: "kept",
        y: "value",
        r: 4,
        fill: "var(--mp-rows)",
        tip: true,
        title: (row: (typeof points)[number]) =>
          `the surest ${percent(row.kept)}, ${counted(row.n, "row")}\n${found.metric} ${show(row.value)} (${show(row.low)} – ${show(row.high)})`,
      }),
    ],
  };
}
