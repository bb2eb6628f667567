/** Long work: how far it is, and a way to stop it. */
import { Button, Group, Loader, Progress, Stack, Text } from "@mantine/core";
import { send } from "@/api/client";
import { isRunning, useJob } from "@/api/queries";
import type { Job } from "@/api/types";
import { Failure } from "@/app/states";

interface JobProgressProps {
  job: Job;
  retry: () => void;
}

export function JobProgress({ job: given, retry }: JobProgressProps) {
  const job = useJob(given) ?? given;
  if (job.state === "failed" && job.error) return <Failure error={job.error} retry={retry} />;
  if (job.state === "cancelled") {
    return (
      <Group>
        <Text size="sm">It was stopped.</Text>
        <Button size="compact-sm" variant="default" onClick={retry}>
          Start again
        </Button>
      </Group>
    );
  }
  const isMeasured = job.total > 0;
  return (
    <Stack gap={6} role="status" aria-live="polite">
      <Group justify="space-between">
        <Group gap={8} wrap="nowrap">
          {!isMeasured && <Loader size={14} aria-hidden />}
          <Text size="sm">{job.state === "waiting" ? "Waiting for its turn" : job.title} …</Text>
        </Group>
        {isRunning(job) && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => void send("DELETE", `jobs/${job.id}`)}
          >
            Stop
          </Button>
        )}
      </Group>
      {isMeasured && <Progress value={(100 * job.done) / job.total} aria-label={job.title} />}
    </Stack>
  );
}
