/** Right end of the header: this page as JSON, colour scheme, keys. */
import {
  ActionIcon,
  Group,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { IconBraces, IconKeyboard, IconMoon, IconSun } from "@tabler/icons-react";
import { useRouterState } from "@tanstack/react-router";
import { openKeys } from "@/app/Shortcuts";

export function Tools() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const twin = useRouterState({
    select: ({ location }) =>
      location.pathname.replace(/\/$/, "").concat(".json", location.searchStr),
  });
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <Group gap={4} ml="auto" wrap="nowrap">
      <Tooltip label="This page as JSON">
        <ActionIcon
          component="a"
          href={twin}
          target="_blank"
          variant="subtle"
          color="gray"
          aria-label="This page as JSON"
          visibleFrom="sm"
        >
          <IconBraces size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Keys (?)">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Keyboard shortcuts"
          onClick={openKeys}
          visibleFrom="sm"
        >
          <IconKeyboard size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`Use ${other} colours`}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Use ${other} colours`}
          onClick={() => setColorScheme(other)}
        >
          {scheme === "dark" ? <IconSun size={18} /> : <IconMoon size={18} />}
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
