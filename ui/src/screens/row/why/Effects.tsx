/** What the values of one input do: for this row, and for all of them on average. */
import { Group, SegmentedControl, Select, Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { Example, Effects as Found } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { EffectChart } from "@/screens/row/why/EffectChart";
import { EffectList } from "@/screens/row/why/EffectList";
import { EffectPair } from "@/screens/row/why/EffectPair";
import { type Kind, useInputs } from "@/screens/row/why/useInputs";
import { cell, count } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";

const ORDERED = new Set<Kind>(["number", "time"]);
const KINDS = [
  { value: "pdp", label: "Mean", says: "The mean over rows that are all given the value." },
  { value: "ice", label: "Each row", says: "A curve for each row: do rows differ?" },
  {
    value: "ale",
    label: "Local",
    says: "What small moves of near rows add up to, around 0: holds where inputs go together.",
  },
] as const;

export function Effects({ example }: { example: Example }) {
  const { search, set } = useSearch();
  const inputs = useInputs(example).inputs?.filter(({ canVary }) => canVary) ?? [];
  const names = inputs.map(({ column }) => column);
  const asked = one(search, "feature");
  const feature = names.find((name) => name === asked) ?? names[0] ?? "";
  const other = names.find((name) => name === one(search, "other") && name !== feature);
  const isOrdered = inputs
    .filter(({ column }) => column === feature || column === other)
    .every(({ kind }) => ORDERED.has(kind));
  const kinds = KINDS.filter(({ value }) => {
    if (value === "ale") return isOrdered; // what is accumulated needs an order
    return value === "pdp" || !other;
  });
  const shown = kinds.find(({ value }) => value === one(search, "effect")) ?? KINDS[0];
  return (
    <>
      <Group gap="sm" align="end" mb="xs">
        <Select
          size="xs"
          w={190}
          label="Input"
          searchable
          allowDeselect={false}
          data={names}
          value={feature}
          onChange={(value) => set({ feature: value ?? undefined }, { replace: true })}
        />
        <Select
          size="xs"
          w={170}
          label="Together with"
          placeholder="nothing else"
          searchable
          clearable
          data={names.filter((name) => name !== feature)}
          value={other ?? null}
          onChange={(value) => set({ other: value ?? undefined }, { replace: true })}
        />
        {kinds.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Kind of effect"
            value={shown.value}
            onChange={(value) =>
              set({ effect: value === "pdp" ? undefined : value }, { replace: true })
            }
            data={kinds.map(({ value, label }) => ({ value, label }))}
          />
        )}
      </Group>
      <Text size="xs" className="mp-soft" mb="xs">
        {shown.says}
      </Text>
      <Shown example={example} feature={feature} other={other} kind={shown.value} />
    </>
  );
}

interface ShownProps {
  example: Example;
  feature: string;
  other: string | undefined;
  kind: string;
}

function Shown({ example, feature, other, kind }: ShownProps) {
  const { place, facts } = useHere();
  const hasClass = facts.task.kind === "multiclass" || facts.task.kind === "multilabel";
  const target = hasClass ? cell(example.prediction) : undefined;
  const params = { feature, other, kind, target };
  const work = useWork<Found>(place, "effects", params, { enabled: feature !== "" });
  const own = useWork<Found>(
    place,
    "effects",
    { feature, kind: "ice", target, where: `row = ${example.number}` },
    { enabled: !other && kind !== "ale" && feature !== "" },
  );
  const found = work.data?.result;
  if (work.isError && !found) {
    return <Failure error={work.error} retry={() => void work.refetch()} />;
  }
  if (work.data?.job) return <JobProgress job={work.data.job} retry={work.restart} />;
  if (!found) return <Loading label={`Asking what ${feature} does`} lines={7} />;
  const value = example.values.find(({ column }) => column === feature)?.value;
  const curve = kind === "ale" || other ? undefined : own.data?.result;
  const isOrdered = found.rows.every((row) => typeof row.value === "number");
  return (
    <>
      {other ? (
        <EffectPair found={found} />
      ) : isOrdered ? (
        <EffectChart found={found} own={curve} value={value} />
      ) : (
        <EffectList found={found} own={curve} value={value} />
      )}
      <Text size="xs" className="mp-soft" mt="xs">
        {found.note && `${found.note} `}
        {count(found.source.n)} rows were drawn; the model was asked about{" "}
        {count(found.queries.rows)}.
        {found.queries.failed > 0 &&
          ` It failed on ${count(found.queries.failed)}: ${found.queries.failure}`}
      </Text>
    </>
  );
}
