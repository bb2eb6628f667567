import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <Stack p="xl" gap="xs">
      <Title order={1}>There is no such page</Title>
      <Text className="mp-soft">The address may be mistyped, or from another version.</Text>
      <Anchor component={Link} to="/">
        Back to the workspace
      </Anchor>
    </Stack>
  );
}
