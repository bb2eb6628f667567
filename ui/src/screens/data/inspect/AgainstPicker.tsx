/** Chooses the dataset that the rows are held against. */
import { Select } from "@mantine/core";
import type { Against } from "@/screens/data/inspect/useAgainst";

interface AgainstPickerProps {
  against: Against;
  label: string;
  value?: string | undefined; // what stands when the address names none
  without?: string; // what it says for none; there is none to choose without it
}

export function AgainstPicker({ against, label, value, without }: AgainstPickerProps) {
  const { chosen, others, choose } = against;
  const now = chosen ?? value ?? "";
  const refs = now && !others.includes(now) ? [now, ...others] : others;
  const none = without === undefined ? [] : [{ value: "", label: without }];
  return (
    <Select
      size="xs"
      w={230}
      maw="100%"
      label={label}
      searchable
      allowDeselect={false}
      placeholder="Choose a dataset"
      nothingFoundMessage="No such dataset"
      value={now === "" && without === undefined ? null : now}
      onChange={(ref) => choose(ref || undefined)}
      data={[...none, ...refs.map((ref) => ({ value: ref, label: ref }))]}
    />
  );
}
