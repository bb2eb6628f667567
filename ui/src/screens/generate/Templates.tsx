/** Rows from templates: sentences or rows with places that lexicons fill. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useEvaluation } from "@/api/queries";
import type { OfferedPerturbations } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Cells } from "@/screens/generate/Cells";
import { Filled } from "@/screens/generate/Filled";
import classes from "@/screens/generate/Generate.module.css";
import { Sentences } from "@/screens/generate/Sentences";
import { useTemplate } from "@/screens/generate/template";
import { Panel } from "@/shared/Panel";

export function Templates() {
  const { place } = useHere();
  const offered = useEvaluation<OfferedPerturbations>(place, "perturbations");
  const draft = useTemplate();
  if (offered.isPending) return <Loading label="Looking at the inputs" lines={6} />;
  if (offered.isError && !offered.data) {
    return <Failure error={offered.error} retry={() => void offered.refetch()} />;
  }
  const columns = offered.data.columns_changed;
  const texts = columns.filter(({ on }) => on === "text").map(({ name }) => name);
  return (
    <Stack gap="md">
      {texts.length > 0 ? (
        <Sentences texts={texts} draft={draft} />
      ) : (
        <Cells columns={columns.map(({ name }) => name)} draft={draft} />
      )}
      {draft ? (
        <Filled draft={draft} />
      ) : (
        <FirstTemplates hasText={texts.length > 0} columns={columns.map(({ name }) => name)} />
      )}
    </Stack>
  );
}

interface FirstTemplatesProps {
  hasText: boolean;
  columns: readonly string[];
}

/** What a template is, and some to begin with. */
function FirstTemplates({ hasText, columns }: FirstTemplatesProps) {
  const { set } = useSearch();
  const [first = "", second = first] = columns;
  const examples: [string, Parameters<typeof set>[0]][] = hasText
    ? [
        ["Names that must not matter", { template: "{name} is {a profession}.", vary: "name" }],
        ["Opinions", { template: "I {verb:positive} this {product}." }],
        ["Nationalities", { template: "The {nationality} food was {adjective}." }],
      ]
    : [
        ["Values of the data", { cell: [`${first}={column:${first}}`] }],
        [
          "One value that must not matter",
          { cell: [`${second}={column:${second}}`], vary: `column:${second}` },
        ],
      ];
  return (
    <Panel
      title="What a template is"
      says="A text with places in braces. Each place is filled with the words of a lexicon, so that one template is a thousand rows, and you know what the model should say of them."
    >
      <Text size="sm" mb="xs">
        Begin with one of these, or write your own above:
      </Text>
      <Group gap="xs" className={classes.examples}>
        {examples.map(([title, search]) => (
          <Button key={title} size="xs" variant="default" onClick={() => set(search)}>
            {title}
          </Button>
        ))}
      </Group>
    </Panel>
  );
}
