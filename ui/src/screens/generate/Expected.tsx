/** What the model should say of the rows: one answer, one by a place, or the same for all words. */
import { Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { TemplateSlot } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { pairsOf, type TemplateDraft } from "@/screens/generate/template";
import { Panel } from "@/shared/Panel";

interface ExpectedProps {
  slots: readonly TemplateSlot[];
  draft: TemplateDraft;
}

type Way = "nothing" | "label" | "by" | "same";
const WAYS: { value: Way; label: string }[] = [
  { value: "nothing", label: "nothing in particular" },
  { value: "label", label: "one answer for every row" },
  { value: "by", label: "an answer by what stands at a place" },
  { value: "same", label: "the same answer, whatever stands at a place" },
];
const MOST_WORDS = 24; // of a place, for an answer each

export function Expected({ slots, draft }: ExpectedProps) {
  const { facts } = useHere();
  const { search, set } = useSearch();
  const by = one(search, "answer_by");
  const told: Way = draft.vary ? "same" : by ? "by" : draft.label !== null ? "label" : "nothing";
  const [chosen, setChosen] = useState<Way>(told);
  const way = told === "nothing" ? chosen : told;
  const again = (changes: object) => set({ n: undefined, ...changes }, { replace: true });
  const names = slots.map(({ name }) => name);
  const isClasses = facts.classes.length > 0;
  const classes = facts.classes.map(String);

  function choose(value: Way) {
    setChosen(value);
    const none = { label: undefined, answer_by: undefined, answer: undefined, vary: undefined };
    if (value === "label") again({ ...none, label: classes[0] });
    else if (value === "by") again({ ...none, answer_by: grouped(slots)?.name ?? names[0] });
    else if (value === "same") again({ ...none, vary: names[0] });
    else again(none);
  }

  return (
    <Panel title="What is expected?">
      <Stack gap="sm">
        <Select
          size="xs"
          aria-label="What is expected of the rows"
          allowDeselect={false}
          data={WAYS.filter(({ value }) => isClasses || value === "nothing" || value === "same")}
          value={way}
          onChange={(value) => choose(value as Way)}
        />
        {way === "label" && (
          <Select
            size="xs"
            label="Answer"
            allowDeselect={false}
            data={classes}
            value={draft.label}
            onChange={(label) => again({ label: label ?? undefined })}
          />
        )}
        {(way === "same" || way === "by") && (
          <Select
            size="xs"
            label="Place"
            allowDeselect={false}
            data={names}
            value={(way === "same" ? draft.vary : by) ?? null}
            onChange={(name) =>
              again(way === "same" ? { vary: name } : { answer_by: name, answer: undefined })
            }
          />
        )}
        {way === "by" && by && <Answers slot={slots.find(({ name }) => name === by)} />}
      </Stack>
    </Panel>
  );
}

/** The place whose words come in several groups. */
function grouped(slots: readonly TemplateSlot[]): TemplateSlot | undefined {
  const several = slots.filter(({ groups }) => groups.length > 1);
  return several.toSorted((a, b) => a.groups.length - b.groups.length)[0];
}

function Answers({ slot }: { slot: TemplateSlot | undefined }) {
  const { facts } = useHere();
  const { search, set } = useSearch();
  if (!slot) return null;
  const given = Object.fromEntries(pairsOf(many(search, "answer")));
  const keys = slot.groups.length > 0 ? slot.groups : slot.words.map(String);
  function put(key: string, value: string | null) {
    const next = { ...given, [key]: value ?? "" };
    const answer = Object.entries(next)
      .filter(([, label]) => label !== "")
      .map((pair) => pair.join("="));
    set({ answer: answer.length > 0 ? answer : undefined, n: undefined }, { replace: true });
  }
  return (
    <>
      {keys.slice(0, MOST_WORDS).map((key) => (
        <Select
          key={key}
          size="xs"
          label={key}
          placeholder="nothing"
          clearable
          clearButtonProps={{ "aria-label": `Nothing for ${key}` }}
          data={facts.classes.map(String)}
          value={given[key] ?? null}
          onChange={(value) => put(key, value)}
        />
      ))}
      {keys.length > MOST_WORDS && (
        <Text size="xs" className="mp-soft">
          Of the other {keys.length - MOST_WORDS} nothing is expected.
        </Text>
      )}
    </>
  );
}
