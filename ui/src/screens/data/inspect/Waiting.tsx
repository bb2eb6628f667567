/** A tab whose answer is not there yet: loading, failed, or worked on by a job. */
import type { Work } from "@/api/queries";
import { Failure, Loading } from "@/app/states";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

interface WaitingProps {
  title: string;
  work: {
    data: Work<unknown> | undefined;
    isPending: boolean;
    isError: boolean;
    error: unknown;
    refetch: () => unknown;
    restart: () => void;
  };
}

export function Waiting({ title, work }: WaitingProps) {
  return (
    <Panel title={title}>
      {work.isPending && <Loading label={title} />}
      {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {!work.isError && work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
    </Panel>
  );
}
