/** Models × versions of a dataset, by itself: `/board/churn`. */
import { Text, Title } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useDataset } from "@/api/queries";
import type { ModelBoard } from "@/api/types";
import { one } from "@/app/address";
import { PageFrame } from "@/app/PageFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Board } from "@/screens/compare/Board";
import { Reevaluate } from "@/screens/compare/Reevaluate";

export function BoardPage() {
  const { dataset } = useParams({ from: "/board/$dataset" });
  const { search } = useSearch();
  const found = useDataset<ModelBoard>(dataset, "board", {
    metric: one(search, "metric"),
    where: one(search, "where"),
    common: one(search, "common"),
  });
  useEffect(() => {
    document.title = `Board of ${dataset} · mispredict`;
  }, [dataset]);
  return (
    <PageFrame>
      <div>
        <Title order={1}>Board of {dataset}</Title>
        <Text size="sm" className="mp-soft">
          All models on all versions of the data.
        </Text>
      </div>
      {found.isPending && <Loading label="Measuring the models" />}
      {found.isError && !found.data && (
        <Failure error={found.error} retry={() => void found.refetch()} />
      )}
      {found.data && <Board board={found.data} isStale={found.isPlaceholderData} />}
      {found.data && <Reevaluate board={found.data} again={() => void found.refetch()} />}
    </PageFrame>
  );
}
