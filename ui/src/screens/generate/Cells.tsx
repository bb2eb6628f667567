/** A template of a row: of some columns what stands in them; the others are those of real rows. */
import { ActionIcon, Group, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { many } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { pairsOf, type TemplateDraft } from "@/screens/generate/template";
import { Panel } from "@/shared/Panel";

interface CellsProps {
  columns: readonly string[];
  draft: TemplateDraft | undefined;
}

export function Cells({ columns }: CellsProps) {
  const { search, set } = useSearch();
  const cells = pairsOf(many(search, "cell"));
  const put = (next: [string, string][]) =>
    set(
      { cell: next.length > 0 ? next.map((pair) => pair.join("=")) : undefined },
      { replace: true },
    );
  const rest = columns.filter((name) => !cells.some(([known]) => known === name));
  return (
    <Panel
      title="Template of a row"
      says="{column:…} takes the values that the data has; {age} those of a lexicon; anything else stands as it is. Columns that are left out are those of real rows."
    >
      <Stack gap="xs">
        {cells.map(([name, value]) => (
          <CellField
            key={name}
            name={name}
            value={value}
            take={(text) => put(cells.map((pair) => (pair[0] === name ? [name, text] : pair)))}
            remove={() => put(cells.filter(([known]) => known !== name))}
          />
        ))}
        <Select
          size="xs"
          w={240}
          label="Add a column"
          placeholder="Choose a column"
          searchable
          data={rest}
          value={null}
          onChange={(name) => name && put([...cells, [name, `{column:${name}}`]])}
        />
      </Stack>
    </Panel>
  );
}

interface CellFieldProps {
  name: string;
  value: string;
  take: (text: string) => void;
  remove: () => void;
}

const PAUSE_MS = 500;

function CellField({ name, value, take, remove }: CellFieldProps) {
  const [text, setText] = useState(value);
  const settle = useDebouncedCallback(take, PAUSE_MS);
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        size="xs"
        style={{ flex: 1, maxWidth: 420 }}
        label={name}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          settle(event.currentTarget.value);
        }}
      />
      <ActionIcon variant="default" size="md" aria-label={`Leave ${name} out`} onClick={remove}>
        <IconX size={14} />
      </ActionIcon>
    </Group>
  );
}
