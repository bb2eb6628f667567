/** What a check is, and three to begin with. */
import { Button, Group, List, Text } from "@mantine/core";
import { useState } from "react";
import { exported } from "@/api/exported";
import { useHere } from "@/app/EvaluationFrame";
import { examplesFor } from "@/screens/tests/examples";
import { saveSuite } from "@/screens/tests/suites";
import { YamlEditor } from "@/screens/tests/YamlEditor";
import { Panel } from "@/shared/Panel";
import { toast } from "@/shared/toast";

export function FirstSteps({ made }: { made: (suite: string) => void }) {
  const { place, facts } = useHere();
  const [text, setText] = useState("");

  async function save(written: string) {
    const board = await saveSuite(place, written, "");
    toast({ text: `The suite ${board.suite} is saved. Run it to see its verdicts.` });
    made(board.suite);
  }

  return (
    <Panel title="No suite yet" says="A check is an expectation that is tried on each new version.">
      <List size="sm" mb="sm" spacing={2} maw={760}>
        <List.Item>
          It passes when the whole interval of its value is on the good side of a bound; it is
          unsure when the interval spans it, and unsure is no pass.
        </List.Item>
        <List.Item>
          Checks stand in a suite. What you find under Slices can become one by a click, so that it
          does not come back unseen.
        </List.Item>
        <List.Item>
          The same YAML runs in a terminal, in pytest and in CI: mispredict test suite.yaml.
        </List.Item>
      </List>
      {!exported() && (
        <>
          <Text size="sm" mb={6}>
            Begin with one of these, or let checks be proposed from what was found:
          </Text>
          <Group gap="xs" mb="md">
            {examplesFor(facts).map((example) => (
              <Button
                key={example.title}
                size="xs"
                variant="default"
                onClick={() => setText(example.text)}
              >
                {example.title}
              </Button>
            ))}
          </Group>
          {text && (
            <YamlEditor key={text} label="The suite as YAML" text={text} save={save} rows={8} />
          )}
        </>
      )}
    </Panel>
  );
}
