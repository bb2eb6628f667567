/** Long work that runs now, wherever it was started: how far it is, and a way to stop it. */
import { Button, Loader, Popover, Progress, Text } from "@mantine/core";
import { cancelJob, isRunning, useJobs } from "@/api/queries";
import type { Job } from "@/api/types";
import classes from "@/app/JobsMenu.module.css";
import { toast } from "@/shared/toast";

export function JobsMenu() {
  const jobs = useJobs();
  const running = jobs.data?.rows.filter(isRunning) ?? [];
  if (running.length === 0) return null;
  const says = `${running.length} job${running.length === 1 ? "" : "s"}`;
  return (
    <Popover position="bottom-end" width={320} trapFocus withArrow>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          c="var(--mp-text)"
          leftSection={<Loader size={12} aria-hidden />}
          aria-label={`${says} running`}
        >
          {says}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className={classes.list}>
          {running.map((job) => (
            <Running key={job.id} job={job} />
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

function Running({ job }: { job: Job }) {
  async function stop() {
    try {
      await cancelJob(job);
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "It goes on.", isFault: true });
    }
  }
  return (
    <li>
      <div className={classes.head}>
        <Text size="sm" fw={600}>
          {job.title}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Stop: ${job.title} of ${job.evaluation}`}
          onClick={() => void stop()}
        >
          Stop
        </Button>
      </div>
      <Text size="xs" className="mp-soft">
        {job.evaluation.replace("/", " on ")}
        {job.state === "waiting" && ", waiting for its turn"}
      </Text>
      {job.total > 0 && (
        <Progress value={(100 * job.done) / job.total} mt={4} aria-label={job.title} />
      )}
    </li>
  );
}
