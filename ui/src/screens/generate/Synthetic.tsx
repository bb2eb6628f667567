/** Rows made up like those of the cohort: some of them, how good, and how private they are. */
import { Alert, Button, Group, Select, Space, Stack, Table, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useWork } from "@/api/queries";
import type { ColumnQuality, SyntheticPreview } from "@/api/types";
import { many, one, type Search } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { ColumnsField } from "@/screens/generate/ColumnsField";
import classes from "@/screens/generate/Generate.module.css";
import { KeepRows } from "@/screens/generate/KeepRows";
import { cell, count, number, percent } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { NumberField } from "@/shared/NumberField";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

const MANY = 1000;
const METHODS = [
  { value: "trees", label: "trees: each column from those before it" },
  { value: "copula", label: "copula: marginals and rank correlations" },
];

export interface Synthetic {
  where: string | null;
  columns: string[] | null;
  method: string;
  seed: number;
}

export function SyntheticRows() {
  const { place } = useHere();
  const { search } = useSearch();
  const isAsked = one(search, "ask") !== undefined;
  const n = Math.round(Number(one(search, "rows"))) || MANY;
  const synthetic: Synthetic = {
    where: one(search, "where") || null,
    columns: many(search, "column") ?? null,
    method: one(search, "method") ?? "trees",
    seed: Math.round(Number(one(search, "seed"))) || 0,
  };
  const work = useWork<SyntheticPreview>(
    place,
    "synthetic",
    {},
    {
      body: { ...synthetic, n },
      enabled: isAsked,
    },
  );
  const found = isAsked && !work.isError ? work.data?.result : undefined;
  return (
    <Stack gap="md">
      <Panel
        title="Rows like these"
        says="For cohorts with too few rows: made up column by column from the rows there are, their right answers too. A fifth of the real rows is held out to judge them by."
        actions={found && <KeepRows what={{ synthetic }} n={n} canCheck={false} />}
      >
        <Ask synthetic={synthetic} n={n} isAsked={isAsked} />
        <Space h="md" />
        {isAsked && work.isPending && <Loading label="Making up rows" lines={5} />}
        {isAsked && work.isError && (
          <Failure error={work.error} retry={() => void work.refetch()} />
        )}
        {isAsked && work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
        {found && <Report found={found} />}
      </Panel>
      {found && <Examples found={found} />}
    </Stack>
  );
}

function Ask({ synthetic, n, isAsked }: { synthetic: Synthetic; n: number; isAsked: boolean }) {
  const { facts } = useHere();
  const { set } = useSearch();
  const again = (changes: Search) => set(changes, { replace: true });
  const able = facts.columns.filter(
    ({ type, role, is_reserved: isReserved }) =>
      !isReserved && role !== "id" && MADE.includes(type),
  );
  return (
    <Group align="flex-end" gap="sm">
      <NumberField
        size="xs"
        w={110}
        label="Rows"
        min={1}
        max={100_000}
        allowDecimal={false}
        thousandSeparator=","
        value={n}
        take={(rows) => again({ rows: rows === MANY ? undefined : String(rows) })}
      />
      <ColumnsField
        able={able}
        value={synthetic.columns}
        all="all that can be made up"
        take={(column) => again({ column })}
      />
      <Select
        size="xs"
        w={300}
        label="How"
        allowDeselect={false}
        data={METHODS}
        value={synthetic.method}
        onChange={(method) =>
          again({ method: method === "trees" ? undefined : (method ?? undefined) })
        }
      />
      <NumberField
        size="xs"
        w={90}
        label="Seed"
        min={0}
        max={2 ** 32 - 1}
        allowDecimal={false}
        value={synthetic.seed}
        take={(seed) => again({ seed: seed === 0 ? undefined : String(seed) })}
      />
      <Button size="xs" disabled={isAsked} onClick={() => set({ ask: "1" })}>
        Make rows up
      </Button>
    </Group>
  );
}

const MADE = ["numeric", "categorical", "boolean"];

function Report({ found }: { found: SyntheticPreview }) {
  return (
    <Stack gap="md">
      {found.warnings.length > 0 && (
        <Alert
          variant="light"
          color="gray"
          icon={<IconAlertTriangle size={18} />}
          title="Before you use them"
        >
          <ul className="mp-plain">
            {found.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Alert>
      )}
      <Measures found={found} />
      <Columns rows={found.rows} />
      <Text size="xs" className="mp-soft">
        By {found.method} from {count(found.learned_from)} rows, {count(found.held_out)} held out,
        seed {found.seed}.
        {found.left_out.length > 0 && ` Not made up: ${found.left_out.join(", ")}.`}
      </Text>
    </Stack>
  );
}

/** Whole measures, each with what it would be of real rows. */
function Measures({ found }: { found: SyntheticPreview }) {
  const [one, other] = found.worst_pair;
  const isPaired = one !== "";
  const measures: [string, string, string][] = [
    [
      "Told from real rows",
      `AUC ${number(found.auc)}`,
      `${number(found.auc_low)} – ${number(found.auc_high)}; 0.5 is a guess, 1 is always`,
    ],
    [
      "Pairs of columns alike",
      percent(found.pairs),
      isPaired
        ? `real rows: ${percent(found.pairs_control)}; worst ${one} with ${other}`
        : "there is only one column",
    ],
    [
      "Nearer to a row learned from",
      percent(found.closer),
      `${percent(found.closer_low)} – ${percent(found.closer_high)}; 50 % gives nothing away`,
    ],
    [
      "Copies of rows learned from",
      percent(found.copies),
      `real rows: ${percent(found.copies_held_out)}`,
    ],
  ];
  return (
    <dl className={classes.measures}>
      {measures.map(([name, value, says]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            <span className="mp-soft">{says}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Columns({ rows }: { rows: readonly ColumnQuality[] }) {
  return (
    <section aria-label="Columns of the made-up rows">
      <Title order={3} fz="sm" mb={4}>
        Column by column
      </Title>
      <Text size="xs" className="mp-soft" mb={4}>
        The mark is what held-out real rows come to.
      </Text>
      <Scroll label="Likeness of columns">
        <Table className={classes.quality} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th title="1 less the greatest distance of the shares of values">
                Alike
              </Table.Th>
              <Table.Th title="Likeness of real rows that were held out: nothing made up can be expected to beat it">
                Real rows
              </Table.Th>
              <Table.Th>Missing, real and made up</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.column}>
                <Table.Th scope="row" fw={500}>
                  {row.column}
                </Table.Th>
                <Table.Td>
                  <span className={classes.like}>
                    <span className={classes.bar} aria-hidden>
                      <span style={{ width: `${100 * (row.similarity ?? 0)}%` }} />
                      <span
                        className={classes.value}
                        style={{ left: `${100 * (row.control ?? 0)}%` }}
                      />
                    </span>
                    {percent(row.similarity)}
                  </span>
                </Table.Td>
                <Table.Td>{percent(row.control)}</Table.Td>
                <Table.Td>
                  {percent(row.missing)} → {percent(row.missing_made)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </section>
  );
}

function Examples({ found }: { found: SyntheticPreview }) {
  const label = found.names.indexOf(found.label ?? "");
  return (
    <Panel
      title="Some of the rows"
      says={`The first ${count(found.examples.length)} of ${count(found.n)}.`}
    >
      <Scroll label="Some made-up rows">
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {found.names.map((name, at) => (
                <Table.Th key={name}>
                  {name}
                  {at === label && <span className="mp-soft"> (label)</span>}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.examples.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows that are made up have no name
              <Table.Tr key={at}>
                {row.map((value, place) => (
                  <Table.Td key={found.names[place]}>{cell(value)}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Panel>
  );
}
