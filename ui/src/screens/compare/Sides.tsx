/** Against what this evaluation is held, and how: other models, cohorts one by one, a threshold. */
import { Button, MultiSelect, NumberInput } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { many, one, type Search } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/compare/Compare.module.css";
import { namedIn, type Rivals } from "@/screens/compare/useCompare";
import { hasTag, quoted } from "@/shared/cohortText";

interface SidesProps {
  rivals: Rivals;
  against: readonly string[];
  fault: string | undefined; // of the columns and cohorts
}

export function Sides({ rivals, against, fault }: SidesProps) {
  const { facts } = useHere();
  const { search, set } = useSearch();
  const names = (items: Rivals["same"]) => items.map((item) => namedIn(facts.dataset, item));
  const choices = [
    { group: `On ${facts.dataset}`, items: withOwn(names(rivals.same), against) },
    ...(rivals.other.length > 0
      ? [{ group: "On other versions of the data: their common rows", items: names(rivals.other) }]
      : []),
  ];
  const columns = facts.columns
    .filter(({ role }) => role === "input" || role === "metadata")
    .filter(({ view }) => view === "values" || view === "bins")
    .map(({ name }) => name);
  const cohorts = [
    ...facts.cohorts.map(({ name }) => `cohort(${quoted(name)})`),
    ...facts.tags.map(({ name }) => hasTag(name)),
  ];
  const by = many(search, "by") ?? [];
  return (
    <div className={classes.sides}>
      <MultiSelect
        size="xs"
        className={classes.wide}
        label={`${facts.model} against`}
        placeholder={against.length > 0 ? "" : "choose a model"}
        data={choices}
        value={[...against]}
        onChange={(value) => set({ against: value, pair: undefined, baseline: undefined })}
        searchable
        clearable={false}
        maxValues={MOST}
      />
      <Swap against={against} />
      <MultiSelect
        size="xs"
        className={classes.wide}
        label="By columns, cohorts or tags"
        placeholder={by.length > 0 ? "" : "none; slices are searched anyway"}
        data={[
          { group: "Columns", items: [...new Set(["label", ...columns])] },
          { group: "Cohorts and tags", items: [...new Set([...cohorts, ...by.filter(isCohort)])] },
        ]}
        value={by}
        error={fault}
        onChange={(value) => set({ by: value.length > 0 ? value : undefined })}
        searchable
        maxValues={10}
      />
      {facts.task.kind === "binary" && <Threshold />}
    </div>
  );
}

const MOST = 8;

/** The models change places: what was broken is fixed, seen from the other. */
function Swap({ against }: { against: readonly string[] }) {
  const { facts } = useHere();
  const navigate = useNavigate();
  const [other] = against;
  if (against.length !== 1 || !other) return null;
  const [model = "", dataset = facts.dataset] = other.split("/");
  const back = dataset === facts.dataset ? facts.model : facts.ref;
  return (
    <Button
      size="xs"
      variant="default"
      aria-label="Swap the two models"
      title="Swap the two models"
      onClick={() =>
        void navigate({
          to: "/e/$model/$dataset/compare",
          params: { model, dataset },
          search: ((before: Search) => ({ ...before, against: back })) as never,
        })
      }
    >
      <IconArrowsExchange size={16} />
    </Button>
  );
}

function Threshold() {
  const { search, set } = useSearch();
  const value = one(search, "threshold");
  return (
    <NumberInput
      key={value}
      size="xs"
      w={150}
      label="Threshold of all"
      placeholder="their own"
      min={0}
      max={1}
      step={0.05}
      decimalScale={4}
      defaultValue={value ?? ""}
      onBlur={(event) => set({ threshold: event.currentTarget.value || undefined })}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}

function isCohort(text: string): boolean {
  return /[^\w ]/.test(text);
}

/** The choices with those of the address, which may not be listed. */
function withOwn(items: readonly string[], own: readonly string[]): string[] {
  return [...own.filter((name) => !name.includes("/") && !items.includes(name)), ...items];
}
