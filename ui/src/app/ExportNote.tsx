/** In place of what an export does not hold: what it is, and what would have it. */
import { Button, CopyButton, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useSearch } from "@/app/useSearch";

interface ExportNoteProps {
  says: string; // with commands between backticks
  hasWay?: boolean; // whether the address asks for more than the export holds
}

export function ExportNote({ says, hasWay = false }: ExportNoteProps) {
  const { search } = useSearch();
  const navigate = useNavigate();
  const isElsewhere = hasWay && Object.values(search).some((value) => value !== undefined);
  return (
    <Stack gap={8} py="xs" align="flex-start" role="note" maw={620}>
      <Text size="sm" className="mp-soft">
        {says
          .split("`")
          .map((part, at) => (at % 2 === 1 ? <Command key={part} text={part} /> : part))}
      </Text>
      {isElsewhere && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void navigate({ to: ".", search: {} as never })}
        >
          Back to what it holds
        </Button>
      )}
    </Stack>
  );
}

/** A command that a click copies. */
function Command({ text }: { text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="default"
          ff="monospace"
          fw={400}
          h="auto"
          title="Copy the command"
          rightSection={copied ? <IconCheck size={12} /> : <IconCopy size={12} />}
          onClick={copy}
          styles={{ label: { whiteSpace: "normal", textAlign: "left" } }}
        >
          {text}
        </Button>
      )}
    </CopyButton>
  );
}
