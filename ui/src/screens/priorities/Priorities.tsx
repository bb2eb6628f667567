/** What to do first: tags by what could be gained, with ease and importance set in place. */
import { Group, NumberInput, Select, Stack, Text, Title } from "@mantine/core";
import { useEvaluation } from "@/api/queries";
import type { Priorities as Found } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/priorities/Priorities.module.css";
import { PriorityTable } from "@/screens/priorities/PriorityTable";
import { TagsFromSlices } from "@/screens/priorities/TagsFromSlices";
import { CohortBanner } from "@/shared/CohortBanner";
import { Panel } from "@/shared/Panel";

const SORTS = [
  { value: "gain", label: "possible gain" },
  { value: "worth", label: "gain × ease × importance" },
];

export function Priorities() {
  const { place } = useHere();
  const { search, set } = useSearch();
  const ceiling = one(search, "ceiling");
  const sort = one(search, "sort");
  const params = { where: one(search, "where"), ceiling, sort };
  const found = useEvaluation<Found>(place, "priorities", params);
  return (
    <Stack className={classes.page} gap="md">
      <Group align="flex-end" gap="md">
        <div>
          <Title order={1}>Priorities</Title>
          <Text size="sm" className="mp-soft">
            Room for improvement × share of data: what mending each tag could bring.
          </Text>
        </div>
        <Group ml="auto" gap="sm" align="flex-end">
          <Ceiling value={ceiling} set={(value) => set({ ceiling: value })} />
          <Select
            label="Sorted by"
            size="xs"
            w={190}
            allowDeselect={false}
            value={sort ?? "gain"}
            onChange={(value) => set({ sort: value === "gain" ? undefined : (value ?? "") })}
            data={SORTS}
          />
        </Group>
      </Group>
      <CohortBanner />
      {found.isError && (
        <Panel title="Priorities">
          <Failure error={found.error} retry={() => void found.refetch()} />
        </Panel>
      )}
      {found.isPending && <Loading label="Computing priorities" />}
      {found.data && found.data.rows.length > 0 && (
        <Panel title="Tags" says={found.data.explanation}>
          <PriorityTable found={found.data} />
        </Panel>
      )}
      {found.data && <TagsFromSlices isFirst={found.data.rows.length === 0} />}
    </Stack>
  );
}

/** The parameter that each kind of ceiling begins with. */
const CEILINGS: Record<string, string | undefined> = {
  given: "0.95",
  "best model": "best model",
};

interface CeilingProps {
  value: string | undefined;
  set: (value: string | undefined) => void;
}

/** What the best could reach: a number for all tags, the best other model, or 100 %. */
function Ceiling({ value, set }: CeilingProps) {
  const kind = value === undefined ? "perfect" : value === "best model" ? "best model" : "given";
  return (
    <>
      <Select
        label="Ceiling"
        size="xs"
        w={150}
        allowDeselect={false}
        value={kind}
        onChange={(next) => set(CEILINGS[next ?? ""])}
        data={[
          { value: "perfect", label: "no error at all" },
          { value: "best model", label: "best other model" },
          { value: "given", label: "a number" },
        ]}
      />
      {kind === "given" && (
        <NumberInput
          label="of"
          size="xs"
          w={80}
          min={0}
          max={1}
          step={0.01}
          decimalScale={3}
          value={Number(value)}
          onChange={(next) => typeof next === "number" && set(String(next))}
        />
      )}
    </>
  );
}
