/** What to do first: tags by what could be gained, with ease and importance set in place. */
import { Group, Select, Stack, Text, Title } from "@mantine/core";
import { useEvaluation } from "@/api/queries";
import type { Priorities as Found } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Ceiling } from "@/screens/priorities/Ceiling";
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
  const sort = one(search, "sort");
  const params = {
    where: one(search, "where"),
    ceiling: one(search, "ceiling"),
    annotators: many(search, "annotators"),
    sort,
  };
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
        <Group className={classes.options} gap="sm" align="flex-end">
          <Ceiling />
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
      {found.isError && !found.data && (
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
