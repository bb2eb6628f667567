/** What is missing, and what would bring it. */
import { Code, List, Text } from "@mantine/core";
import type { components } from "@/api/schema";
import { Panel } from "@/shared/Panel";

export function Notes({ notes }: { notes: readonly components["schemas"]["Note"][] }) {
  const different = [...new Map(notes.map((note) => [note.problem, note])).values()];
  if (different.length === 0) return null;
  return (
    <Panel title="Not shown, and what would bring it">
      <List size="sm" spacing={4}>
        {different.map(({ problem, hint }) => (
          <List.Item key={problem}>
            {problem}{" "}
            {hint && (
              <Text span size="sm" className="mp-soft">
                Try: <Code>{hint}</Code>
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
