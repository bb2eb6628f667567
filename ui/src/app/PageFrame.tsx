/** The frame of a page that is about the workspace and no single evaluation. */
import { AppShell, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { iconUrl } from "@/app/icon";
import classes from "@/app/PageFrame.module.css";
import { Tools } from "@/app/Tools";
import { Toasts } from "@/shared/Toasts";

export function PageFrame({ children }: { children: ReactNode }) {
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
        <Stack gap="md" className={classes.page}>
          {children}
        </Stack>
        <Toasts />
      </AppShell.Main>
    </AppShell>
  );
}
