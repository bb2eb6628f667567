/** Right end of the header: jobs, this page as JSON, keys, colour scheme, signing out. */
import {
  ActionIcon,
  Group,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { IconBraces, IconKeyboard, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { apiUrl, send } from "@/api/client";
import { exported } from "@/api/exported";
import { queryClient, useSession } from "@/api/queries";
import { ExportBadge } from "@/app/ExportBadge";
import { JobsMenu } from "@/app/JobsMenu";
import { openKeys } from "@/app/Shortcuts";

export function Tools() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const session = useSession();
  const twin = useTwin();
  const isEvaluation = useRouterState({
    select: ({ location }) => location.pathname.includes("/e/"),
  });
  const held = exported();
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <Group gap={4} ml="auto" wrap="nowrap">
      <JobsMenu />
      {held ? <ExportBadge about={held.about} /> : <AsJson href={twin ?? apiUrl("workspace")} />}
      {isEvaluation && (
        <Tool label="Keyboard shortcuts" says="Keys (?)" act={openKeys} isWide>
          <IconKeyboard size={18} />
        </Tool>
      )}
      <Tool label={`Use ${other} colours`} act={() => setColorScheme(other)}>
        {scheme === "dark" ? <IconSun size={18} /> : <IconMoon size={18} />}
      </Tool>
      {session.data?.token_required && (
        <Tool label="Sign out" act={() => void signOut()}>
          <IconLogout size={18} />
        </Tool>
      )}
    </Group>
  );
}

function AsJson({ href }: { href: string }) {
  return (
    <Tooltip label="This page as JSON">
      <ActionIcon
        component="a"
        href={href}
        target="_blank"
        variant="subtle"
        color="gray"
        aria-label="This page as JSON"
        visibleFrom="sm"
      >
        <IconBraces size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

/** The address of what the screen of an evaluation or a dataset shows, as JSON. */
function useTwin(): string | undefined {
  return useRouterState({
    select: ({ location }) => {
      if (!/\/(e|data)\//.test(location.pathname)) return undefined;
      const [path = "", query = ""] = location.publicHref.split("?");
      return `${path.replace(/\/$/, "")}.json${query && `?${query}`}`;
    },
  });
}

async function signOut() {
  await send("DELETE", "session");
  queryClient.clear();
  window.location.reload();
}

interface ToolProps {
  label: string;
  says?: string;
  act: () => void;
  isWide?: boolean; // for wide screens only
  children: ReactNode;
}

function Tool({ label, says, act, isWide, children }: ToolProps) {
  return (
    <Tooltip label={says ?? label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={act}
        visibleFrom={isWide ? "sm" : undefined}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
