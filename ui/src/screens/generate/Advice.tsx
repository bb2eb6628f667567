/** Which changed rows would be worth training on: realistic, clear, and done poorly. */
import { Alert, Button, Group, MultiSelect, Select, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEvaluation, useWork, useWorkspace } from "@/api/queries";
import type { AdvisedChange, AugmentationAdvice, OfferedPerturbations } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { AdviceCharts } from "@/screens/generate/AdviceCharts";
import classes from "@/screens/generate/Generate.module.css";
import { AddModel } from "@/shared/AddModel";
import { count, percent, signed } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const STRENGTHS = ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.8", "1"];
const USUAL = ["0.1", "0.3", "0.6"];
const SAMPLES = ["200", "500", "2000"];
const SAMPLE = "500";

export function Advice() {
  const { facts } = useHere();
  if (!facts.can_call_model) {
    return (
      <Panel title="What is worth adding?">
        <AddModel />
      </Panel>
    );
  }
  return <Asked />;
}

function Asked() {
  const { place } = useHere();
  const { search } = useSearch();
  const isAsked = one(search, "ask") !== undefined;
  const params = {
    names: many(search, "try"),
    strengths: many(search, "at") ?? USUAL,
    sample: Number(one(search, "sample") ?? SAMPLE),
    ceiling: one(search, "ceiling"),
    where: one(search, "where"),
  };
  const work = useWork<AugmentationAdvice>(place, "augmentation-advice", params, {
    enabled: isAsked,
  });
  const found = isAsked && !work.isError ? work.data?.result : undefined;
  return (
    <Panel
      title="What is worth adding?"
      says="Before rows are made up to train on: are they realistic, are they still clear, and does the model do poorly on them? Nothing is trained."
    >
      <Stack gap="md">
        <Ask isAsked={isAsked} />
        {isAsked && work.isPending && <Loading label="Asking the model" lines={5} />}
        {isAsked && work.isError && (
          <Failure error={work.error} retry={() => void work.refetch()} />
        )}
        {isAsked && work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
        {found && <Found found={found} />}
      </Stack>
    </Panel>
  );
}

function Ask({ isAsked }: { isAsked: boolean }) {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const offered = useEvaluation<OfferedPerturbations>(place, "perturbations");
  const workspace = useWorkspace();
  const models = (workspace.data?.evaluations ?? [])
    .filter(({ dataset, model }) => dataset === facts.dataset && model !== facts.model)
    .map(({ model }) => model);
  const again = (changes: object) => set({ ...changes, ask: undefined }, { replace: true });
  return (
    <Group align="flex-end" gap="sm">
      <MultiSelect
        size="xs"
        className={classes.columns}
        label="Perturbations"
        placeholder={many(search, "try") ? "" : "all that keep the label"}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "All perturbations" }}
        maxValues={20}
        data={(offered.data?.rows ?? []).filter((row) => row.keeps_label).map(({ name }) => name)}
        value={many(search, "try") ?? []}
        onChange={(names) => again({ try: names.length > 0 ? names : undefined })}
      />
      <MultiSelect
        size="xs"
        w={210}
        label="Strengths"
        data={STRENGTHS}
        value={many(search, "at") ?? USUAL}
        onChange={(at) => at.length > 0 && again({ at: at.toSorted() })}
      />
      <Select
        size="xs"
        w={190}
        label="Who knows better?"
        title="A model that is thought to know tells whether changed rows are still clear"
        placeholder={models.length > 0 ? "nobody" : "no other model here"}
        disabled={models.length === 0}
        clearable
        clearButtonProps={{ "aria-label": "Nobody knows better" }}
        data={models}
        value={one(search, "ceiling") ?? null}
        onChange={(ceiling) => again({ ceiling: ceiling ?? undefined })}
      />
      <Select
        size="xs"
        w={100}
        label="Rows"
        allowDeselect={false}
        data={SAMPLES.map((value) => ({ value, label: count(Number(value)) }))}
        value={one(search, "sample") ?? SAMPLE}
        onChange={(sample) => again({ sample: sample ?? undefined })}
      />
      <Button size="xs" disabled={isAsked} onClick={() => set({ ask: "1" })}>
        Find out
      </Button>
    </Group>
  );
}

function Found({ found }: { found: AugmentationAdvice }) {
  return (
    <>
      {found.warnings.length > 0 && (
        <Alert
          variant="light"
          color="gray"
          icon={<IconAlertTriangle size={18} />}
          title="Before you add anything"
        >
          <ul className="mp-plain">
            {found.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Alert>
      )}
      <AdviceCharts rows={found.rows} hasCeiling={found.ceiling !== ""} />
      <Verdicts rows={found.rows} />
    </>
  );
}

const points = (value: number | null | undefined) => (100 * (value ?? 0)).toFixed(1);

const WORDS: Record<string, string> = {
  add: "worth adding",
  unclear: "unclear",
  unrealistic: "unrealistic",
  robust: "robust already",
  unknown: "unknown",
  unsure: "too few rows",
};

function Verdicts({ rows }: { rows: readonly AdvisedChange[] }) {
  const { place } = useHere();
  const { search } = useSearch();
  return (
    <Scroll label="Advice by perturbation and strength">
      <Table className={classes.advice} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Perturbation</Table.Th>
            <Table.Th>Verdict</Table.Th>
            <Table.Th>Rows</Table.Th>
            <Table.Th>Wrong, in points more</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.perturbation} ${row.strength}`}>
              <Table.Th scope="row" fw={500}>
                <Link
                  className={classes.link}
                  to="/e/$model/$dataset/generate"
                  params={place}
                  search={
                    {
                      by: row.perturbation,
                      strength: String(row.strength),
                      where: one(search, "where"),
                    } as never
                  }
                >
                  {row.perturbation} at {row.strength}
                </Link>
              </Table.Th>
              <Table.Td>
                <Text size="sm" fw={row.verdict === "add" ? 650 : 400}>
                  {WORDS[row.verdict] ?? row.verdict}
                </Text>
              </Table.Td>
              <Table.Td>{count(row.n)}</Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                {signed(row.rise, points)}{" "}
                <span className="mp-soft">
                  ({signed(row.low, points)} – {signed(row.high, points)})
                </span>
              </Table.Td>
              <Table.Td miw={260}>
                {row.sentence} <span className="mp-soft">Realism {percent(row.realism, 0)}.</span>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
