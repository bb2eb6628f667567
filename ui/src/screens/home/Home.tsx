/** The workspace: its evaluations; where there is none, how to make one. */
import { AppShell, Group, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useWorkspace } from "@/api/queries";
import { Failure, Loading } from "@/app/states";
import { Tools } from "@/app/Tools";
import { Evaluations } from "@/screens/home/Evaluations";
import { FirstSteps } from "@/screens/home/FirstSteps";
import classes from "@/screens/home/Home.module.css";

export function Home() {
  const workspace = useWorkspace();
  const summary = workspace.data;
  const name = summary?.name;
  useEffect(() => {
    document.title = name ? `${name} · mispredict` : "mispredict";
  }, [name]);
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
          {workspace.isError && !summary && (
            <Failure error={workspace.error} retry={() => void workspace.refetch()} />
          )}
          {summary &&
            (summary.evaluations.length > 0 ? (
              <Evaluations summary={summary} />
            ) : (
              <FirstSteps summary={summary} />
            ))}
        </Stack>
      </AppShell.Main>
    </AppShell>
  );
}
