/** An address that no screen has. */
import { Button, Code, Stack, Text, Title } from "@mantine/core";
import { Link, useRouterState } from "@tanstack/react-router";

export function NotFound() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <Stack component="main" id="main" maw={560} mx="auto" px="md" pt="18vh" align="flex-start">
      <Title order={1}>There is no such page</Title>
      <Text className="mp-soft" style={{ overflowWrap: "anywhere" }}>
        Nothing is at <Code>{path}</Code>. The address may be mistyped, or from another version.
      </Text>
      <Button component={Link} to="/" variant="default">
        All evaluations
      </Button>
    </Stack>
  );
}
