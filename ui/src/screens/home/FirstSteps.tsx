/** An empty workspace teaches: three ways to a first evaluation, ready to copy. */
import { Button, Code, CopyButton, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { WorkspaceSummary } from "@/api/types";
import { Datasets } from "@/screens/home/Datasets";

const WAYS = [
  {
    title: "See it on real data",
    says: "A model of customer churn, fitted while you wait.",
    code: "mispredict demo churn --no-serve",
  },
  {
    title: "You have predictions",
    says: "A table with the truth, and a table with what the model said.",
    code: `mispredict add dataset churn test.csv --label Exited
mispredict add predictions gbm churn predictions.csv`,
  },
  {
    title: "You have a model",
    says: "Anything that can be called: scikit-learn, ONNX, a function, an address.",
    code: `import mispredict as mp

ws = mp.open()
ws.add_dataset("churn", test_frame, label="Exited")
ws.add_model("gbm", pipeline)
ws.evaluate("gbm", "churn")`,
  },
];

export function FirstSteps({ summary }: { summary: WorkspaceSummary }) {
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Nothing has been evaluated here yet</Title>
        <Text className="mp-soft" maw={620}>
          An evaluation is what one model did on one dataset. Make one in any of these ways; this
          page shows it as soon as you reload.
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        {WAYS.map((way) => (
          <Way key={way.title} {...way} />
        ))}
      </SimpleGrid>
      <Datasets datasets={summary.datasets} />
    </Stack>
  );
}

function Way({ title, says, code }: (typeof WAYS)[number]) {
  return (
    <section className="mp-panel">
      <Title order={2}>{title}</Title>
      <Text size="sm" className="mp-soft" mb="sm">
        {says}
      </Text>
      <Code block tabIndex={0}>
        {code}
      </Code>
      <Group justify="flex-end" mt="xs">
        <CopyButton value={code}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
    </section>
  );
}
