/** The workspace: its evaluations; where there is none, how to make one. */
import { AppShell, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useWorkspace } from "@/api/queries";
import type { WorkspaceSummary } from "@/api/types";
import { Failure, Loading } from "@/app/states";
import { Tools } from "@/app/Tools";
import { FirstSteps } from "@/screens/home/FirstSteps";
import classes from "@/screens/home/Home.module.css";
import { Estimate } from "@/shared/Estimate";
import { count, number, percent, when } from "@/shared/format";

export function Home() {
  const workspace = useWorkspace();
  return (
    <AppShell header={{ height: 52 }} padding={0}>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <img src="./icon.svg" alt="" width={24} height={24} />
          <Text component="span" fw={700}>
            mispredict
          </Text>
          <Tools />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="main">
        <Stack className={classes.page} gap="lg">
          {workspace.isPending && <Loading label="Opening the workspace" />}
          {workspace.isError && (
            <Failure error={workspace.error} retry={() => void workspace.refetch()} />
          )}
          {workspace.data &&
            (workspace.data.evaluations.length > 0 ? (
              <Evaluations summary={workspace.data} />
            ) : (
              <FirstSteps summary={workspace.data} />
            ))}
        </Stack>
      </AppShell.Main>
    </AppShell>
  );
}

function Evaluations({ summary }: { summary: WorkspaceSummary }) {
  return (
    <>
      <div>
        <Title order={1}>{summary.name}</Title>
        <Text className="mp-soft" size="sm">
          {counted(summary.evaluations.length, "evaluation")} ·{" "}
          {counted(summary.models.length, "model")} · {counted(summary.datasets.length, "dataset")}
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" className={classes.list}>
        {summary.evaluations.map((item) => (
          <li key={item.ref}>
            <Link
              to="/e/$model/$dataset/overview"
              params={{ model: item.model, dataset: item.dataset }}
              className={classes.card}
            >
              <Text fw={650}>
                {item.model} <span className="mp-soft">on</span> {item.dataset}
              </Text>
              <Text size="xs" className="mp-soft">
                {item.task} · {count(item.n)} rows · {when(item.created_at)}
              </Text>
              {item.headline && (
                <div className={classes.headline}>
                  <Text size="xs" className="mp-soft">
                    {item.headline.metric}
                  </Text>
                  <Estimate
                    {...item.headline}
                    size="large"
                    show={isShare(item.headline) ? percent : number}
                  />
                </div>
              )}
            </Link>
          </li>
        ))}
      </SimpleGrid>
    </>
  );
}

function isShare(headline: { metric: string }): boolean {
  return headline.metric === "accuracy" || headline.metric === "error_rate";
}

function counted(n: number, thing: string): string {
  return `${count(n)} ${thing}${n === 1 ? "" : "s"}`;
}
