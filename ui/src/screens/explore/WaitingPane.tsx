/** What a pane shows until its first answer is there. */
import { Skeleton, Stack } from "@mantine/core";

const PARTS = ["a", "b", "c", "d", "e", "f"];

export function WaitingPane() {
  return (
    <Stack gap="lg" p="md" role="status" aria-label="Counting rows">
      {PARTS.map((part) => (
        <div key={part}>
          <Skeleton height={12} width="40%" mb={8} />
          <Skeleton height={56} />
        </div>
      ))}
    </Stack>
  );
}
