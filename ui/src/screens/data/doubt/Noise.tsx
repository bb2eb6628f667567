/** Predictions under small noise of the inputs: which rows flip, and whether those are wrong. */
import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { useEffect } from "react";
import { queryClient, useWork } from "@/api/queries";
import type { SpreadUnderNoise } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/data/doubt/Doubt.module.css";
import { KeepFound } from "@/screens/data/doubt/KeepFound";
import { Figures } from "@/screens/data/inspect/Figures";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { usePlace } from "@/screens/data/labels/place";
import { CohortActions } from "@/shared/CohortActions";
import { count, counted, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const COPIES = 10;
const STRENGTHS = ["0.02", "0.05", "0.1", "0.2"];
const USUAL = "0.05";

/** The model is asked only once somebody wants it: every row some times over. */
export function Noise() {
  const { facts } = usePlace();
  const { search, set } = useSearch();
  const noise = one(search, "noise");
  if (noise !== undefined) return <Asked noise={noise} />;
  return (
    <Panel
      title="Do predictions move when inputs move a little?"
      says="A row whose prediction flips under small noise is in doubt, however sure the model sounds. Afterwards this is a measure of doubt above, and a column in Explore."
    >
      <Group gap="sm">
        <Button size="xs" onClick={() => set({ noise: USUAL })}>
          Put noise on the inputs
        </Button>
        <Text size="xs" className="mp-soft">
          asks the model about {COPIES} copies of the rows: {counted(COPIES * facts.n, "row")}
        </Text>
      </Group>
    </Panel>
  );
}

function Asked({ noise }: { noise: string }) {
  const { place } = usePlace();
  const { search, set } = useSearch();
  const where = one(search, "where");
  const work = useWork<SpreadUnderNoise>(place, "spread", { where, noise, copies: COPIES });
  const found = work.data?.result;
  const isKept = (found?.columns_kept.length ?? 0) > 0;
  useEffect(() => {
    if (!isKept) return;
    // It is a measure of doubt now, and a column.
    const key = ["evaluation", place.model, place.dataset];
    for (const endpoint of ["uncertainty", "facts"]) {
      void queryClient.invalidateQueries({ queryKey: [...key, endpoint] });
    }
  }, [isKept, place.model, place.dataset]);
  if (!found) return <Waiting title="Asking about rows under noise" work={work} />;
  return (
    <Panel
      title={found.note}
      says={`${counted(COPIES, "copy", "copies")} of each row; the model was asked for ${counted(found.asked, "row")} that it had not seen.`}
      actions={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="Deviation of the noise"
            value={noise}
            onChange={(value) => set({ noise: value }, { replace: true })}
            data={STRENGTHS.includes(noise) ? STRENGTHS : [noise, ...STRENGTHS]}
          />
          {found.check && (
            <KeepFound
              suite="uncertainty"
              check={found.check}
              says="no more predictions move under this noise"
            />
          )}
        </Group>
      }
    >
      <Figures items={itemsOf(found)} />
      <Unstable found={found} />
      {found.where && <CohortActions where={found.where} suggested="flips under noise" />}
    </Panel>
  );
}

function itemsOf(found: SpreadUnderNoise) {
  if (found.flipped === null) return [];
  const items = [
    {
      name: "Rows that flip",
      value: percent(found.flipped),
      says: `${percent(found.low)} – ${percent(found.high)} of ${counted(found.n, "row")}`,
    },
  ];
  return [
    ...items,
    ...found.among.map(({ name, value, low, high, n }) => ({
      name: `of the ${name} ones`,
      value: percent(value),
      says: `${percent(low)} – ${percent(high)} of ${count(n)}`,
    })),
  ];
}

const SHOWN = 5;

function Unstable({ found }: { found: SpreadUnderNoise }) {
  const rows = found.rows.filter(({ flips }) => (flips ?? 0) > 0).slice(0, SHOWN);
  if (rows.length === 0) return null;
  return (
    <ul className={classes.unstable}>
      {rows.map((row) => (
        <li key={row.row}>
          <b>{String(row.id)}</b> {String(row.prediction)}, but {String(row.other)} in{" "}
          {percent(row.flips, 0)} of its copies
          <span className="mp-soft"> · probability moves by {number(row.spread)}</span>
        </li>
      ))}
    </ul>
  );
}
