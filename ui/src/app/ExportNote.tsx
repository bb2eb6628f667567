/** In place of what an export does not hold: what it is, and what would have it. */
import { Button, Code, Stack, Text } from "@mantine/core";
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
        {says.split("`").map((part, at) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no identity
          at % 2 === 1 ? <Code key={at}>{part}</Code> : part,
        )}
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
