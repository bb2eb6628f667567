/** Says that the page is an export: of what, from when, and what it holds. */
import { Button, Popover, Text } from "@mantine/core";
import { IconFileExport } from "@tabler/icons-react";
import type { About } from "@/api/exported";
import { count, counted, when } from "@/shared/format";

export function ExportBadge({ about }: { about: About }) {
  const { model, dataset, n, rows, longest_text, made_at, version } = about;
  return (
    <Popover position="bottom-end" width={340} trapFocus withArrow>
      <Popover.Target>
        <Button
          variant="light"
          size="compact-sm"
          leftSection={<IconFileExport size={14} aria-hidden />}
          aria-label="Export, read only: what it holds"
        >
          Export
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">
          <b>
            {model} on {dataset}
          </b>
          , exported {when(made_at)} by mispredict {version}. It is read only, and asks for nothing
          of a network.
        </Text>
        <Text size="sm" mt="xs">
          Figures and distributions are of all {counted(n, "row")}. Of the rows themselves there are{" "}
          {rows < n ? `${count(rows)}, worst first and in the order of the data` : "all"}; texts are
          cut after {count(longest_text)} characters.
        </Text>
        <Text size="sm" mt="xs">
          To filter, tag or ask the model:{" "}
          <code>
            mispredict serve {model}/{dataset}
          </code>
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
