/** The fewest edits of the row's text that give another prediction, its meaning kept. */
import { Button, Checkbox, Group, Select, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useWork } from "@/api/queries";
import type { Example, TextEdits as Found, TextEdit } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { changesText } from "@/screens/row/why/changes";
import classes from "@/screens/row/why/TextEdits.module.css";
import { cell, count, percent } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";

const KINDS = [
  { value: "typo", label: "Typos" },
  { value: "synonym", label: "Synonyms" },
  { value: "delete", label: "Words left out" },
  { value: "insert", label: "Little words put in" },
];

export function TextEdits({ example }: { example: Example }) {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const asked = { kinds: many(search, "kinds"), target: one(search, "target") };
  const [kinds, setKinds] = useState<string[] | undefined>(asked.kinds);
  const [target, setTarget] = useState(asked.target);
  const isAsked = one(search, "edit") !== undefined;
  const body = {
    ...(asked.kinds ? { kinds: asked.kinds } : {}),
    ...(asked.target ? { target: asked.target } : {}),
  };
  const work = useWork<Found>(
    place,
    `rows/${example.number}/text-edits`,
    {},
    { body, enabled: isAsked },
  );
  const isNew = JSON.stringify({ kinds, target }) !== JSON.stringify(asked);
  const said = cell(example.prediction);
  const others = facts.task.classes.map((name) => cell(name)).filter((name) => name !== said);
  return (
    <>
      <Text size="sm" mb="xs">
        The fewest edits of the text that give another prediction while it still says the same.
      </Text>
      <Group gap="md" align="end" mb="md">
        {facts.task.kind !== "regression" && (
          <Select
            size="xs"
            w={200}
            label="Wanted prediction"
            allowDeselect={false}
            data={[
              { value: "", label: `any other than ${said}` },
              ...others.map((name) => ({ value: name, label: name })),
            ]}
            value={target ?? ""}
            onChange={(value) => setTarget(value || undefined)}
          />
        )}
        <Checkbox.Group
          label="Edits"
          size="xs"
          value={kinds ?? KINDS.map(({ value }) => value)}
          onChange={(next) => setKinds(next.length === KINDS.length ? undefined : next)}
        >
          <Group gap="sm" mt={6}>
            {KINDS.map((kind) => (
              <Checkbox key={kind.value} size="xs" {...kind} />
            ))}
          </Group>
        </Checkbox.Group>
        <Button
          size="xs"
          leftSection={<IconSearch size={14} aria-hidden />}
          variant={isAsked && !isNew ? "default" : "light"}
          disabled={(isAsked && !isNew) || kinds?.length === 0}
          loading={isAsked && work.isLoading}
          onClick={() => set({ kinds, target, edit: "1" }, { replace: isAsked })}
        >
          {isAsked ? "Search again" : "Find edits"}
        </Button>
      </Group>
      {isAsked && work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {isAsked && work.isLoading && <Loading label="Editing the text" />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {work.data?.result && <Edited found={work.data.result} />}
    </>
  );
}

function Edited({ found }: { found: Found }) {
  const { rows, column, queries_per_row, likeness, note } = found;
  const { set } = useSearch();
  return (
    <section aria-label="Edits of the text">
      {rows.length === 0 && (
        <div className={classes.none} data-none>
          <p>
            <b>
              {found.skipped > 0
                ? "The text is predicted so already."
                : `No edit gives ${found.target} while the text still says the same.`}
            </b>
          </p>
          {found.skipped === 0 && <Text size="sm">The model holds to its answer.</Text>}
        </div>
      )}
      {rows.map((edit) => (
        <article key={edit.edited} className={classes.edit}>
          <p className={classes.words}>
            {edit.edits.map(({ kind, before, after }) => (
              <span key={`${kind} ${before} ${after}`} className={classes.word}>
                {before !== "" && <del>{before}</del>} {after !== "" && <ins>{after}</ins>}
                <span className="mp-soft"> {kind}</span>
              </span>
            ))}
          </p>
          <p className={classes.edited}>{edit.edited}</p>
          <Group justify="space-between" gap="xs">
            <Text size="xs" className="mp-soft">
              {outcomeOf(edit)} · {percent(edit.similarity)} alike by {likeness}
            </Text>
            <Button
              size="compact-xs"
              variant="light"
              onClick={() => set({ why: "what-if", set: changesText({ [column]: edit.edited }) })}
            >
              Try this text
            </Button>
          </Group>
        </article>
      ))}
      <Text size="xs" className="mp-soft" mt="xs">
        {note && `${note} `}The model was asked {count(queries_per_row)} times. Similar is not the
        same: read what was found.
      </Text>
    </section>
  );
}

function outcomeOf({ before, prediction, probability }: TextEdit): string {
  const sure = probability === null ? "" : ` (${percent(probability, 0)})`;
  return `${cell(before)} → ${cell(prediction)}${sure}`;
}
