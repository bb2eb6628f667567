/** Over many rows: how many predictions change, with the interval. */
import { Button, Group, Select, Text } from "@mantine/core";
import { useState } from "react";
import { useWork } from "@/api/queries";
import type { PerturbedPreview } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import type { Change } from "@/screens/generate/change";
import { Shown } from "@/screens/generate/Preview";
import { Share } from "@/screens/generate/Share";
import { count, counted, percent } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

const USUAL = "1000";
const SIZES = ["1000", "10000", "100000"];
const SHOWN = 50;

export function Counted({ change }: { change: Change }) {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const asked = one(search, "count");
  const [size, setSize] = useState(asked ?? USUAL);
  const limit = Number(asked ?? USUAL) || Number(USUAL);
  const work = useWork<PerturbedPreview>(
    place,
    "perturb",
    {},
    { body: { ...change, limit, shown: SHOWN }, enabled: asked !== undefined },
  );
  const isAsked = asked !== undefined;
  const found = isAsked && !work.isError ? work.data?.result : undefined;
  return (
    <Panel
      title="How many predictions change?"
      says={isAsked ? found?.sentence : "Counted over rows that the seed draws."}
      actions={
        <Group gap="xs">
          <Select
            size="xs"
            w={120}
            aria-label="Rows to count over"
            allowDeselect={false}
            data={SIZES.map((value) => ({
              value,
              label: `${counted(Number(value), "row")}`,
            })).filter(({ value }, place) => place === 0 || Number(value) / 10 < facts.n)}
            value={size}
            onChange={(value) => setSize(value ?? USUAL)}
          />
          <Button
            size="xs"
            onClick={() => set({ count: size })}
            disabled={asked === size && !work.isError}
          >
            Count
          </Button>
          {isAsked && (
            <Button size="xs" variant="default" onClick={() => set({ count: undefined })}>
              Only ten rows
            </Button>
          )}
        </Group>
      }
    >
      {isAsked && work.isPending && <Loading label="Asking the model" lines={3} />}
      {isAsked && work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {isAsked && work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {found && (
        <>
          <Outcome found={found} />
          <Shown found={found} isOld={false} />
        </>
      )}
    </Panel>
  );
}

function Outcome({ found }: { found: PerturbedPreview }) {
  const { share, low, high, accuracy, accuracy_after: after } = found;
  return (
    <>
      <Share share={share} low={low} high={high} of={`${count(found.altered)} changed rows`} />
      {accuracy !== null && (
        <Text size="sm" mb="xs">
          Accuracy on these rows: <b>{percent(accuracy)}</b> before, <b>{percent(after)}</b> after.
        </Text>
      )}
    </>
  );
}
