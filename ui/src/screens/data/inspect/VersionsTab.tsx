/** What changed from another version to this one: rows, columns, cohorts, single cells. */
import { Code, Group, Select, Stack, Text } from "@mantine/core";
import { useDatasetWork } from "@/api/queries";
import type { DatasetDiff } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { addCommand, useData } from "@/screens/data/dataHere";
import { AgainstPicker } from "@/screens/data/inspect/AgainstPicker";
import { ChangedCohorts } from "@/screens/data/inspect/ChangedCohorts";
import { ChangedColumns } from "@/screens/data/inspect/ChangedColumns";
import { ChangedRows } from "@/screens/data/inspect/ChangedRows";
import { Figures } from "@/screens/data/inspect/Figures";
import { type Against, useAgainst } from "@/screens/data/inspect/useAgainst";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { count } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function VersionsTab() {
  const { ref } = useData();
  const { search } = useSearch();
  const against = useAgainst();
  const other = against.chosen ?? against.older;
  const params = { other, key: one(search, "key"), by: one(search, "by") };
  const work = useDatasetWork<DatasetDiff>(ref, "diff", params, { enabled: other !== undefined });
  if (other === undefined) return <NoOther against={against} />;
  const found = work.data?.result;
  return (
    <Stack gap="md">
      <Panel
        title={found ? found.sentence : `From ${other} to ${ref}`}
        says={found?.note}
        actions={<Pickers against={against} other={other} />}
      >
        {found && <Said found={found} />}
      </Panel>
      {found ? (
        <>
          <ChangedColumns found={found} />
          <ChangedCohorts found={found} />
          <ChangedRows found={found} />
        </>
      ) : (
        <Waiting title="Comparing the versions" work={work} />
      )}
    </Stack>
  );
}

function Pickers({ against, other }: { against: Against; other: string }) {
  const { columns, id, label } = useData();
  const { search, set } = useSearch();
  const named = columns.map(({ name }) => ({ value: name, label: name }));
  return (
    <Group gap="xs" align="flex-end">
      <AgainstPicker against={against} label="The version before" value={other} />
      <Select
        size="xs"
        w={150}
        label="Rows are matched by"
        searchable
        allowDeselect={false}
        value={one(search, "key") ?? ""}
        onChange={(key) => set({ key: key || undefined })}
        data={[{ value: "", label: id ? `the id, ${id}` : "all they hold" }, ...named]}
      />
      <Select
        size="xs"
        w={150}
        label="Counted by"
        searchable
        allowDeselect={false}
        value={one(search, "by") ?? ""}
        onChange={(by) => set({ by: by || undefined })}
        data={[{ value: "", label: label ? `the label, ${label}` : "nothing" }, ...named]}
      />
    </Group>
  );
}

function Said({ found }: { found: DatasetDiff }) {
  const { added, removed, changed, unchanged, labels_changed } = found;
  return (
    <Figures
      items={[
        { name: "Rows before", value: count(found.n_before), says: found.before },
        { name: "Rows now", value: count(found.n_after), says: found.after },
        { name: "Added", value: count(added) },
        { name: "Removed", value: count(removed) },
        {
          name: "Changed",
          value: count(changed),
          says: `${count(labels_changed)} of them the label`,
        },
        { name: "As they were", value: count(unchanged) },
      ]}
    />
  );
}

function NoOther({ against }: { against: Against }) {
  const data = useData();
  const { name, ref } = data;
  return (
    <Panel
      title={`${ref} is the first version of ${name}`}
      actions={
        against.others.length > 0 && (
          <AgainstPicker against={against} label="Compare with another dataset" />
        )
      }
    >
      <Text size="sm" maw={720} mb="sm">
        A dataset that is added under the same name becomes its next version, and the old one stays.
        What changed is shown here then:
      </Text>
      <Code block tabIndex={0}>
        {addCommand(data, name, "newer.parquet")}
      </Code>
    </Panel>
  );
}
