/** How slices are searched; what differs from the usual stands in the address. */
import { Button, MultiSelect, Select } from "@mantine/core";
import { useState } from "react";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { objectivesOf, USUAL } from "@/screens/slices/options";
import classes from "@/screens/slices/Slices.module.css";
import { NumberField } from "@/shared/NumberField";

const SCORINGS = [
  { value: "significance", label: "confirmed on other rows" },
  { value: "sliceline", label: "SliceLine’s score, unconfirmed" },
];

export function SlicesOptions() {
  const { facts } = useHere();
  const { search, set } = useSearch();
  const hasMore = ["skip", "columns", "scoring", "budget_s"].some((name) => search[name]);
  const [isOpen, setOpen] = useState(hasMore);
  const objectives = objectivesOf(facts);
  return (
    <div className={classes.options}>
      <Select
        label="Worse by"
        size="xs"
        w={190}
        allowDeselect={false}
        value={one(search, "objective") ?? objectives[0]?.value ?? null}
        onChange={(value) =>
          set({ objective: value === objectives[0]?.value ? undefined : (value ?? undefined) })
        }
        data={objectives}
      />
      <Amount name="conditions" label="Conditions, at most" min={1} max={4} />
      <Amount name="min_share" label="Share of rows, at least" min={0.001} max={0.5} step={0.005} />
      {isOpen ? (
        <MoreOptions />
      ) : (
        <Button size="xs" variant="subtle" onClick={() => setOpen(true)}>
          More options
        </Button>
      )}
    </div>
  );
}

function MoreOptions() {
  const { search, set } = useSearch();
  return (
    <>
      <Columns name="skip" label="Columns to leave out" none="none" />
      <Columns name="columns" label="Columns to look at" none="all" />
      <Select
        label="Slices that are"
        size="xs"
        w={250}
        allowDeselect={false}
        value={one(search, "scoring") ?? USUAL.scoring}
        onChange={(value) =>
          set({ scoring: value === USUAL.scoring ? undefined : (value ?? undefined) })
        }
        data={SCORINGS}
      />
      <Amount name="budget_s" label="Seconds, at most" min={1} max={600} />
    </>
  );
}

function Columns({ name, label, none }: { name: "skip" | "columns"; label: string; none: string }) {
  const { facts } = useHere();
  const { search, set } = useSearch();
  const chosen = many(search, name);
  const columns = facts.columns.filter((column) => !column.is_reserved && column.role !== "label");
  return (
    <MultiSelect
      label={label}
      size="xs"
      w={240}
      searchable
      clearable
      placeholder={chosen ? undefined : none}
      value={chosen ?? []}
      onChange={(value) => set({ [name]: value.length > 0 ? value : undefined })}
      data={columns.map((column) => column.name)}
    />
  );
}

interface AmountProps {
  name: "conditions" | "min_share" | "budget_s";
  label: string;
  min: number;
  max: number;
  step?: number;
}

function Amount({ name, label, ...range }: AmountProps) {
  const { search, set } = useSearch();
  return (
    <NumberField
      label={label}
      size="xs"
      w={158}
      decimalScale={3}
      value={Number(one(search, name) ?? USUAL[name])}
      take={(value) => set({ [name]: value === USUAL[name] ? undefined : String(value) })}
      {...range}
    />
  );
}
