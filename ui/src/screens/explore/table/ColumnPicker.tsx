/** Which columns the table has; kept in the address. */
import { Button, Checkbox, Popover, ScrollArea, Stack, TextInput } from "@mantine/core";
import { IconColumns } from "@tabler/icons-react";
import { memo, useState } from "react";
import { many } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { defaultColumns } from "@/screens/explore/table/columns";

export const ColumnPicker = memo(function ColumnPicker() {
  const { facts } = useHere();
  const { search, set } = useSearch();
  const [find, setFind] = useState("");
  const chosen = many(search, "columns");
  const shown = chosen ?? defaultColumns(facts);
  const names = facts.columns.map(({ name }) => name);
  const found = names.filter((name) => name.toLowerCase().includes(find.trim().toLowerCase()));
  const choose = (columns: string[] | undefined) => set({ columns }, { replace: true });
  const toggle = (name: string) =>
    choose(shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name]);

  return (
    <Popover position="bottom-end" width={260} trapFocus shadow="md">
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconColumns size={14} aria-hidden />}
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label="Columns of the table">
        <TextInput
          size="xs"
          mb="xs"
          aria-label="Find a column of the table"
          placeholder="Find a column"
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        <ScrollArea.Autosize mah={320} type="auto" offsetScrollbars>
          <Stack gap={6} p={2}>
            {found.map((name) => (
              <Checkbox
                key={name}
                size="xs"
                label={name}
                checked={shown.includes(name)}
                disabled={shown.length === 1 && shown[0] === name}
                onChange={() => toggle(name)}
              />
            ))}
          </Stack>
        </ScrollArea.Autosize>
        <Button
          mt="xs"
          size="compact-xs"
          variant="subtle"
          disabled={chosen === undefined}
          onClick={() => choose(undefined)}
        >
          Back to the usual ones
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
});
