/** What could be compared, to begin with: other versions and datasets, the order, cohorts. */
import { Button, Group, Text } from "@mantine/core";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { useData } from "@/screens/data/dataHere";
import type { Side, Sides } from "@/screens/data/drift/useSides";
import { hasTag, quoted } from "@/shared/cohortText";

interface Start {
  title: string;
  reference: Side;
  current: Side;
}

const MOST = 8;
const MOST_ELSEWHERE = 3;

export function Starts({ sides }: { sides: Sides }) {
  const starts = useStarts(sides).slice(0, MOST);
  return (
    <>
      <Text size="sm" mt="md" mb={6}>
        Both sides are the same rows. Choose another dataset or a cohort, or begin with one of
        these:
      </Text>
      <Group gap="xs">
        {starts.map((start) => (
          <Button
            key={start.title}
            size="xs"
            variant="default"
            onClick={() => sides.take(start.reference, start.current)}
          >
            {start.title}
          </Button>
        ))}
      </Group>
    </>
  );
}

function useStarts({ current, refs }: Sides): Start[] {
  const { n, versions } = useData();
  const here = useMaybeHere();
  const { ref } = current;
  const half = Math.floor(n / 2);
  const others = versions.filter((item) => !ref.endsWith(item.ref)).map((item) => item.ref);
  const elsewhere = refs.datasets
    .filter((other) => !versions.some((item) => item.ref === other))
    .slice(0, MOST_ELSEWHERE);
  const cohorts = [
    ...(here?.facts.cohorts.map(({ name }) => [name, `cohort(${quoted(name)})`] as const) ?? []),
    ...(here?.facts.tags.map(({ name }) => [name, hasTag(name)] as const) ?? []),
  ];
  return [
    ...[...others, ...elsewhere].map((other) => ({
      title: `${other} → ${ref}`,
      reference: { ref: evaluated(other, ref, refs.evaluations), where: "" },
      current: { ref, where: "" },
    })),
    {
      title: "first half → second half of the rows",
      reference: { ref, where: `row < ${half}` },
      current: { ref, where: `row >= ${half}` },
    },
    ...cohorts.map(([name, where]) => ({
      title: `the rest → ${name}`,
      reference: { ref, where: `NOT ${where}` },
      current: { ref, where },
    })),
  ];
}

/** The same model's evaluation of the other dataset, if there is one. */
function evaluated(dataset: string, ref: string, evaluations: readonly string[]): string {
  const model = ref.includes("/") ? ref.split("/")[0] : undefined;
  const found = `${model}/${dataset}`;
  return model && evaluations.includes(found) ? found : dataset;
}
