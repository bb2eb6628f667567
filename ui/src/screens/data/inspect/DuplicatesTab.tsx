/** Rows that are the same or nearly so, here or in another dataset, and labels that contradict. */
import { Group, Select, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDatasetWork } from "@/api/queries";
import type { Conflicts, Duplicates } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { useData } from "@/screens/data/dataHere";
import { AgainstPicker } from "@/screens/data/inspect/AgainstPicker";
import { Figures } from "@/screens/data/inspect/Figures";
import { FindingActions } from "@/screens/data/inspect/FindingActions";
import { Groups } from "@/screens/data/inspect/Groups";
import { useAgainst } from "@/screens/data/inspect/useAgainst";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { count, counted, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const NEAR = [
  { value: "1", label: "exactly the same" },
  { value: "0.95", label: "at least 95 % alike" },
  { value: "0.9", label: "at least 90 % alike" },
  { value: "0.8", label: "at least 80 % alike" },
  { value: "0.7", label: "at least 70 % alike" },
];

export function DuplicatesTab() {
  const { ref, label } = useData();
  const { search, set } = useSearch();
  const against = useAgainst();
  const near = one(search, "near") ?? "1";
  const params = { near, against: against.chosen };
  const work = useDatasetWork<Duplicates>(ref, "duplicates", params);
  const found = work.data?.result;
  return (
    <Stack gap="md">
      <Panel
        title={found ? found.sentence : "Rows that repeat"}
        says={found && `Compared: ${found.method}.`}
        actions={
          <Group gap="xs" align="flex-end">
            <Select
              size="xs"
              w={190}
              label="Rows that are"
              allowDeselect={false}
              value={near}
              onChange={(value) => set({ near: value === "1" ? undefined : (value ?? undefined) })}
              data={withOwn(near)}
            />
            <AgainstPicker against={against} label="Compared with" without="one another" />
          </Group>
        }
      >
        {found && found.groups > 0 && <Said found={found} />}
        {found?.groups === 0 && <None near={near} more={() => set({ near: "0.9" })} />}
      </Panel>
      {!found && <Waiting title="Comparing the rows" work={work} />}
      {found && (
        <Groups title="Groups" groups={found.rows} all={found.groups} against={found.against} />
      )}
      {label && <Contradicting near={near} />}
    </Stack>
  );
}

function Said({ found }: { found: Duplicates }) {
  const { extra, share, low, high, n_rows, groups, exact_groups, conflicts } = found;
  return (
    <>
      <Figures
        items={[
          {
            name: found.against ? `Rows that ${found.against} has too` : "Rows that repeat another",
            value: count(extra),
            says: `${percent(share)} (${percent(low)} – ${percent(high)})`,
          },
          { name: "Groups", value: count(groups), says: `${counted(n_rows, "row")} in all` },
          {
            name: "Exactly the same",
            value: count(exact_groups),
            says: exact_groups === 1 ? "group" : "groups",
          },
          {
            name: "With different labels",
            value: count(conflicts),
            says: conflicts === 1 ? "group" : "groups",
          },
        ]}
      />
      <FindingActions
        where={found.where}
        kind="duplicates"
        title="Rows that repeat"
        sentence={found.sentence}
        check={found.check}
        reference={found.against || undefined}
      />
    </>
  );
}

function None({ near, more }: { near: string; more: () => void }) {
  return (
    <Text size="sm">
      No row has a double.{" "}
      {near === "1" && (
        <>
          Perhaps some are nearly the same:{" "}
          <UnstyledButton fz="sm" c="var(--mp-selected)" onClick={more}>
            look for rows that are 90 % alike
          </UnstyledButton>
          .
        </>
      )}
    </Text>
  );
}

/** The same inputs with different labels: no model of these inputs is right on all of them. */
function Contradicting({ near }: { near: string }) {
  const { ref } = useData();
  const work = useDatasetWork<Conflicts>(ref, "conflicts", { near });
  const found = work.data?.result;
  if (!found) return <Waiting title="Looking for labels that contradict" work={work} />;
  const { wrong, share, low, high, groups, n_rows, ceiling, ceiling_low, ceiling_high } = found;
  return (
    <>
      <Panel title="Labels that contradict" says={found.sentence}>
        {groups > 0 && (
          <>
            <Figures
              items={[
                {
                  name: "Labels that most do not share",
                  value: count(wrong),
                  says: `${percent(share)} (${percent(low)} – ${percent(high)})`,
                },
                { name: "Groups", value: count(groups), says: `${counted(n_rows, "row")} in all` },
                {
                  name: "No model is more accurate than",
                  value: percent(ceiling),
                  says: `${percent(ceiling_low)} – ${percent(ceiling_high)} on rows like these`,
                },
              ]}
            />
            <FindingActions
              where={found.where}
              kind="conflicting labels"
              title="Labels that contradict each other"
              sentence={found.sentence}
              check={found.check}
            />
          </>
        )}
      </Panel>
      <Groups title="Groups with several labels" groups={found.rows} all={groups} />
    </>
  );
}

function withOwn(near: string) {
  const isKnown = NEAR.some(({ value }) => value === near);
  return isKnown ? NEAR : [...NEAR, { value: near, label: `at least ${near} alike` }];
}
