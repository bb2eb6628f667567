/** The slices of a search with its options; how it was searched is said with it. */
import { MultiSelect, NumberInput, Select, Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { SlicesFound } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { suggestedName } from "@/screens/slices/names";
import { SliceLine } from "@/screens/slices/SliceLine";
import classes from "@/screens/slices/Slices.module.css";
import { CohortActions } from "@/shared/CohortActions";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

export function Found() {
  const { place, facts } = useHere();
  const { search } = useSearch();
  const params = {
    where: one(search, "where"),
    objective: one(search, "objective"),
    conditions: one(search, "conditions"),
    min_share: one(search, "min_share"),
    skip: many(search, "skip"),
    top: 15,
  };
  const work = useWork<SlicesFound>(place, "slices", params);
  const found = work.data?.result;
  const most = Math.max(...(found?.rows ?? []).map(({ value }) => value ?? 0), 0);
  return (
    <>
      <Options />
      <Panel title={found ? headline(found) : "Searching"} says={found?.note}>
        {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
        {work.isPending && <Loading label="Searching for slices" />}
        {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
        {found?.rows.length === 0 && (
          <Text size="sm">
            Nothing is significant, and that is an answer: with these rows, no condition can be said
            to be worse than the rest. Look at Priorities for what you know yourself, or at the
            error tree for a hint that is not confirmed.
          </Text>
        )}
        {found && found.rows.length > 0 && (
          <Text size="xs" className="mp-soft" mb="sm">
            Orange: the slice. Upright tick: all other rows. Line: 95 % interval, measured on the
            rows that were not searched.
          </Text>
        )}
        {found && (
          <ol className={classes.list}>
            {found.rows.map((row) => (
              <SliceLine
                key={row.where}
                row={row}
                most={most}
                isLoss={facts.is_loss || found.objective !== "error"}
                actions={<CohortActions where={row.where} suggested={suggestedName(row.where)} />}
              />
            ))}
          </ol>
        )}
      </Panel>
    </>
  );
}

function headline(found: SlicesFound): string {
  const n = found.rows.length;
  if (n === 0) return "No slice is significantly worse";
  return `${n} slice${n === 1 ? " is" : "s are"} significantly worse than the rest`;
}

function Options() {
  const { facts } = useHere();
  const { search, set } = useSearch();
  const columns = facts.columns.filter((column) => !column.is_reserved && column.role !== "label");
  return (
    <div className={classes.options}>
      {!facts.is_loss && (
        <Select
          label="Worse by"
          size="xs"
          w={150}
          allowDeselect={false}
          value={one(search, "objective") ?? "error"}
          onChange={(value) => set({ objective: value === "error" ? undefined : (value ?? "") })}
          data={[
            { value: "error", label: "error rate" },
            { value: "loss", label: "mean loss" },
          ]}
        />
      )}
      <NumberInput
        label="Conditions, at most"
        size="xs"
        w={140}
        min={1}
        max={4}
        value={Number(one(search, "conditions") ?? 3)}
        onChange={(value) => set({ conditions: value === 3 ? undefined : String(value) })}
      />
      <NumberInput
        label="Share of rows, at least"
        size="xs"
        w={160}
        min={0.001}
        max={0.5}
        step={0.005}
        decimalScale={3}
        value={Number(one(search, "min_share") ?? 0.01)}
        onChange={(value) => set({ min_share: value === 0.01 ? undefined : String(value) })}
      />
      <MultiSelect
        label="Columns to leave out"
        size="xs"
        miw={220}
        searchable
        clearable
        placeholder={many(search, "skip") ? undefined : "none"}
        value={many(search, "skip") ?? []}
        onChange={(value) => set({ skip: value.length ? value : undefined })}
        data={columns.map(({ name }) => name)}
      />
    </div>
  );
}
