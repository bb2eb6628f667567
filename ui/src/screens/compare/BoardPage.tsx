/** Models × versions of a dataset, by itself: `/board/churn`. */
import { AppShell, Group, Stack, Text, Title } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useDataset } from "@/api/queries";
import type { ModelBoard } from "@/api/types";
import { one } from "@/app/address";
import { iconUrl } from "@/app/icon";
import { Failure, Loading } from "@/app/states";
import { Tools } from "@/app/Tools";
import { useSearch } from "@/app/useSearch";
import { Board } from "@/screens/compare/Board";
import classes from "@/screens/compare/Board.module.css";
import page from "@/screens/compare/Compare.module.css";
import { Reevaluate } from "@/screens/compare/Reevaluate";
import { Toasts } from "@/shared/Toasts";

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
    <AppShell header={{ height: 52 }} padding={0}>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Link to="/" className={classes.brand} aria-label="mispredict: all evaluations">
            <img src={iconUrl()} alt="" width={24} height={24} />
            <Text component="span" fw={700}>
              mispredict
            </Text>
          </Link>
          <Tools />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="main">
        <Stack gap="md" className={page.page}>
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
        </Stack>
        <Toasts />
      </AppShell.Main>
    </AppShell>
  );
}
