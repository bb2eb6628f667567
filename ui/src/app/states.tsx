/** What a screen shows when it has nothing to show yet: loading, empty, failed. */
import { Button, Code, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ApiError, isProblem, NOT_HELD } from "@/api/client";
import { ExportNote } from "@/app/ExportNote";

export function Loading({ lines = 4, label = "Loading" }: { lines?: number; label?: string }) {
  return (
    <Stack gap="xs" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity
        <Skeleton key={line} height={14} width={`${95 - ((line * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack gap="xs" align="flex-start" py="md">
      <Title order={3} size="h2">
        {title}
      </Title>
      <div className="mp-soft">{children}</div>
    </Stack>
  );
}

/** Whether the same question would be refused again. */
function isRefused(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 400 || error.status === 422);
}

/** A fault with what was wrong and what to try; `retry` asks again, where that may help. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  if (error instanceof ApiError && error.code === NOT_HELD) {
    return <ExportNote says={error.message} hasWay />;
  }
  const known = isProblem(error);
  return (
    <Stack gap={6} role="alert" py="xs" align="flex-start">
      <Group gap={8} wrap="nowrap" align="flex-start">
        <IconAlertTriangle size={18} color="var(--mp-wrong)" aria-hidden style={{ flex: "none" }} />
        <Text size="sm" className="mp-sentence">
          {known ? error.message : "This part of the page failed."}
        </Text>
      </Group>
      {known && error.hint !== "" && (
        <Text size="sm" className="mp-soft mp-sentence">
          Try: <Hint text={error.hint} />
        </Text>
      )}
      {retry && !isRefused(error) && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          onClick={retry}
        >
          Try again
        </Button>
      )}
    </Stack>
  );
}

/** What to try; what is to be typed stands between backticks. */
function Hint({ text }: { text: string }) {
  return text.split("`").map((part, at) => (at % 2 === 1 ? <Code key={part}>{part}</Code> : part));
}
