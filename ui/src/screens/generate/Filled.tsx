/** The rows of a template, what stands at its places, and whether the model says what it should. */
import { Group, Select, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useWork } from "@/api/queries";
import type { FilledPreview, FilledRow } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Expected } from "@/screens/generate/Expected";
import classes from "@/screens/generate/Generate.module.css";
import { KeepRows } from "@/screens/generate/KeepRows";
import { Share } from "@/screens/generate/Share";
import { Slots } from "@/screens/generate/Slots";
import type { TemplateDraft } from "@/screens/generate/template";
import { AddModel } from "@/shared/AddModel";
import { cell, count, percent } from "@/shared/format";
import { Highlighted } from "@/shared/Highlighted";
import { JobProgress } from "@/shared/JobProgress";
import { NumberField } from "@/shared/NumberField";
import { Panel } from "@/shared/Panel";

const SOME = "20";
const SIZES = [SOME, "200", "1000", "5000"];
const SETS = ["3", "10", "30"];
const SHOWN = 30;

export function Filled({ draft }: { draft: TemplateDraft }) {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const sizes = draft.vary ? SETS : SIZES;
  const asked = one(search, "n");
  const n = Number(sizes.find((size) => size === asked) ?? sizes[0]);
  const work = useWork<FilledPreview>(
    place,
    "templates/fill",
    {},
    { body: { ...draft, n, shown: SHOWN }, keepsBefore: true },
  );
  const found = work.isError ? undefined : work.data?.result;
  const isExpected = draft.label !== null || draft.labels !== null || draft.vary !== null;
  return (
    <div className={classes.sides}>
      <Stack gap="md" miw={0}>
        <Slots found={found} draft={draft} />
        <Expected slots={found?.slots ?? []} draft={draft} />
      </Stack>
      <Stack gap="md" miw={0}>
        <Panel
          title={draft.vary ? "Sets of rows" : "Rows"}
          says={found && `${found.sentence}${sizeOf(found)}`}
          actions={
            <KeepRows
              what={{ template: draft }}
              n={draft.vary ? n : 1000}
              canCheck={isExpected && Array.isArray(draft.template)}
            />
          }
        >
          <Group gap="sm" align="flex-end" mb="xs">
            <Select
              size="xs"
              w={130}
              label={draft.vary ? "How many sets" : "How many rows"}
              allowDeselect={false}
              data={sizes.map((value) => ({ value, label: count(Number(value)) }))}
              value={String(n)}
              onChange={(value) => set({ n: value ?? undefined }, { replace: true })}
            />
            <NumberField
              size="xs"
              w={90}
              label="Seed"
              min={0}
              max={2 ** 32 - 1}
              allowDecimal={false}
              value={draft.seed}
              take={(seed) => set({ seed: String(seed) }, { replace: true })}
            />
          </Group>
          {work.isPending && <Loading label="Filling the template" lines={6} />}
          {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
          {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
          {found && (
            <div className={work.isPlaceholderData ? "mp-stale" : undefined}>
              {found.share !== null && (
                <Share
                  share={found.share}
                  low={found.low}
                  high={found.high}
                  of={`${count(found.tests)} ${draft.vary ? "sets get one answer" : "rows get the expected answer"}`}
                />
              )}
              <Rows found={found} />
            </div>
          )}
        </Panel>
        {!facts.can_call_model && (
          <Panel title="What would the model say?">
            <AddModel />
          </Panel>
        )}
      </Stack>
    </div>
  );
}

function sizeOf({ n, size }: FilledPreview): string {
  return size > n ? ` There are ${count(size)} fills.` : "";
}

function Rows({ found }: { found: FilledPreview }) {
  return (
    <ul className={`mp-plain ${classes.rows}`} aria-label="Rows of the template">
      {found.rows.map((row, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: made-up rows have no identity
        <li key={place} data-flipped={row.holds === false || undefined} className={classes.made}>
          <Values row={row} />
          <Answer row={row} isAsked={found.is_asked} />
        </li>
      ))}
    </ul>
  );
}

function Values({ row }: { row: FilledRow }) {
  const values = Object.entries(row.values);
  const words = Object.values(row.words).map(String);
  return (
    <div className={classes.cells}>
      {values.map(([name, value]) => (
        <span key={name} className={classes.cell}>
          {values.length > 1 && <span className="mp-soft">{name} </span>}
          <Highlighted text={cell(value)} phrases={words} />
        </span>
      ))}
    </div>
  );
}

function Answer({ row, isAsked }: { row: FilledRow; isAsked: boolean }) {
  const { label, prediction, probability, holds } = row;
  return (
    <div className={classes.said}>
      {isAsked && (
        <span className={holds === false ? classes.flipped : undefined}>
          {holds === true && <IconCircleCheck size={14} aria-label="as expected" />}
          {holds === false && <IconCircleX size={14} aria-label="not as expected" />}{" "}
          {prediction === null ? "no answer" : cell(prediction)}
        </span>
      )}
      {probability !== null && <span className="mp-soft">{percent(probability)}</span>}
      {label !== null && (
        <Text component="span" size="xs" className="mp-soft">
          expected {cell(label)}
        </Text>
      )}
    </div>
  );
}
