/** A part of the overview: waited for, failed, or there; pale while other rows are asked for. */
import type { ReactNode } from "react";
import type { OverviewData } from "@/api/types";
import { Failure, Loading } from "@/app/states";
import type { OverviewQuery } from "@/screens/overview/useOverview";
import { Panel } from "@/shared/Panel";

interface PartProps {
  query: OverviewQuery;
  title: string;
  lines?: number;
  children: (overview: OverviewData) => ReactNode;
}

export function Part({ query, title, lines = 5, children }: PartProps) {
  if (query.data) {
    const isOld = query.isPlaceholderData;
    return (
      <div className={isOld ? "mp-stale" : undefined} aria-busy={isOld}>
        {children(query.data)}
      </div>
    );
  }
  return (
    <Panel title={title}>
      {query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading label={`Computing: ${title}`} lines={lines} />
      )}
    </Panel>
  );
}
