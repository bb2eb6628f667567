/** What if: change the row's values and see at once what the model says then. */
import { Button, Group, Text, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useWork } from "@/api/queries";
import type { Example, FlipPoint, FlipPoints, WhatIf as Found, OtherRow } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import {
  type Changes,
  changesFrom,
  changesOf,
  changesText,
  withChange,
} from "@/screens/row/why/changes";
import { Field } from "@/screens/row/why/Field";
import { Sides } from "@/screens/row/why/Sides";
import { useInputs } from "@/screens/row/why/useInputs";
import classes from "@/screens/row/why/WhatIf.module.css";
import { cell, counted } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";

const MANY = 12; // inputs from which on one looks for them by name

export function WhatIf({ example }: { example: Example }) {
  const { search, set } = useSearch();
  const changes = changesOf(search);
  const names = Object.keys(changes);
  const asked = useAsked(example, changes);
  const found = names.length > 0 ? asked.data?.result : undefined;
  const change = (next: Changes) => set({ set: changesText(next) }, { replace: true });
  const before = found?.rows[0] ?? example;
  return (
    <>
      <div className={classes.result} aria-busy={asked.isFetching}>
        <Sides
          before={before}
          after={names.length > 0 ? found?.rows[1] : undefined}
          label={example.label}
        />
        <div className={classes.state} role="status">
          {names.length === 0 && "Change a value below: the model is asked at once."}
          {found?.rows[1]?.note}
          {found?.note && ` ${found.note}`}
        </div>
        {asked.isError && <Failure error={asked.error} retry={() => void asked.refetch()} />}
        {asked.data?.job && <JobProgress job={asked.data.job} retry={asked.restart} />}
        <Group gap={8}>
          <Button
            size="compact-sm"
            variant="default"
            disabled={names.length === 0}
            onClick={() => change({})}
          >
            {names.length > 1 ? `Reset all ${names.length} changes` : "Reset"}
          </Button>
          {asked.isFetching && names.length > 0 && (
            <Text size="xs" className="mp-soft">
              asking the model …
            </Text>
          )}
        </Group>
      </div>
      <Form example={example} changes={changes} change={change} />
      {found?.nearest && <Nearest other={found.nearest} apply={change} />}
    </>
  );
}

function useAsked({ number }: Example, changes: Changes) {
  const { place } = useHere();
  const body = { changes };
  return useWork<Found>(
    place,
    `rows/${number}/what-if`,
    {},
    {
      body,
      keepsBefore: true,
      enabled: Object.keys(changes).length > 0,
    },
  );
}

interface FormProps {
  example: Example;
  changes: Changes;
  change: (changes: Changes) => void;
}

function Form({ example, changes, change }: FormProps) {
  const { place, facts } = useHere();
  const { inputs, query } = useInputs(example);
  const [sought, setSought] = useState("");
  const canFlip = inputs?.some(({ canVary }) => canVary) ?? false;
  const hasFlips = facts.task.kind !== "regression" && canFlip;
  const flips = useWork<FlipPoints>(
    place,
    `rows/${example.number}/flip-points`,
    {},
    { enabled: hasFlips },
  );
  const points = byColumn(flips.data?.result);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!inputs) return <Loading label="Reading what values there are" lines={6} />;
  const shown = inputs.filter(({ column }) => column.toLowerCase().includes(sought.toLowerCase()));
  return (
    <section aria-label="Inputs of the model">
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="xs" className="mp-soft">
          {flipsText(flips.data?.result)}
        </Text>
        {inputs.length > MANY && (
          <TextInput
            size="xs"
            w={180}
            placeholder="Find an input"
            aria-label="Find an input"
            value={sought}
            onChange={(event) => setSought(event.currentTarget.value)}
          />
        )}
      </Group>
      {flips.data?.job && <JobProgress job={flips.data.job} retry={flips.restart} />}
      <ul className="mp-plain">
        {shown.map((input) => (
          <Field
            key={`${example.number} ${input.column}`}
            input={input}
            value={input.column in changes ? changes[input.column] : input.value}
            flips={points.get(input.column) ?? []}
            take={(value) => change(withChange(changes, input.column, value, input.value))}
          />
        ))}
      </ul>
    </section>
  );
}

function byColumn(found: FlipPoints | undefined): Map<string, FlipPoint[]> {
  const points = new Map<string, FlipPoint[]>();
  for (const point of found?.rows ?? []) {
    if (!point.flips) continue;
    points.set(point.column, [...(points.get(point.column) ?? []), point]);
  }
  return points;
}

function flipsText(found: FlipPoints | undefined): string {
  if (!found) return "";
  if (found.note) return found.note;
  return "Ticks mark where a single change flips the prediction.";
}

interface NearestProps {
  other: OtherRow;
  apply: (changes: Changes) => void;
}

/** The nearest row of the data that is predicted otherwise. */
function Nearest({ other, apply }: NearestProps) {
  const { place } = useHere();
  return (
    <section className={classes.nearest} aria-label="Nearest row with another prediction">
      <Text size="sm">
        The nearest row that is predicted otherwise is{" "}
        <Link
          to="/e/$model/$dataset/row/$row"
          params={{ ...place, row: String(other.row) }}
          className={classes.link}
        >
          {other.id === null ? `row ${other.row}` : cell(other.id)}
        </Link>
        : <b>{cell(other.prediction)}</b>. It differs in{" "}
        {counted(other.differences.length, "input")}:
      </Text>
      <ul className={classes.differences}>
        {other.differences.map(({ column, before, after }) => (
          <li key={column}>
            <span className="mp-soft">{column}</span> {cell(before)} → <b>{cell(after)}</b>
          </li>
        ))}
      </ul>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => apply(changesFrom(other.differences))}
      >
        Try its values
      </Button>
    </section>
  );
}
