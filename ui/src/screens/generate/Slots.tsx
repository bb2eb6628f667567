/** The places of a template and the words that may stand there, which can be one's own. */
import { Button, Group, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { FilledPreview, TemplateSlot } from "@/api/types";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/generate/Generate.module.css";
import { lexiconsOf, type TemplateDraft, wordsOf } from "@/screens/generate/template";
import { cell, count } from "@/shared/format";
import { Panel } from "@/shared/Panel";

interface SlotsProps {
  found: FilledPreview | undefined;
  draft: TemplateDraft;
}

const FEW = 8;

export function Slots({ found, draft }: SlotsProps) {
  const { search, set } = useSearch();
  const own = lexiconsOf(search);
  const put = (name: string, words: readonly string[]) =>
    set({ words: wordsOf({ ...own, [name]: words }) }, { replace: true });
  const slots = found?.slots ?? [];
  const unused = Object.keys(draft.lexicons).filter(
    (name) => !slots.some(({ kind }) => kind === name),
  );
  return (
    <Panel title="Words" says="What stands at each place. Write your own, and these are taken.">
      <Stack gap="sm">
        {slots.map((slot) => (
          <Slot key={slot.name} slot={slot} own={own[slot.kind]} put={(w) => put(slot.kind, w)} />
        ))}
        {unused.map((name) => (
          <Own key={name} name={name} words={own[name] ?? []} put={(words) => put(name, words)} />
        ))}
        <NewLexicon put={put} />
      </Stack>
    </Panel>
  );
}

interface SlotProps {
  slot: TemplateSlot;
  own: readonly string[] | undefined;
  put: (words: readonly string[]) => void;
}

function Slot({ slot, own, put }: SlotProps) {
  const canEdit = slot.name === slot.kind && slot.column === "";
  if (own && canEdit) return <Own name={slot.name} words={own} put={put} />;
  return (
    <div>
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          <code>{`{${slot.name}}`}</code>{" "}
          <span className="mp-soft">
            {count(slot.n)} {slot.column ? "values of the data" : "words"}
          </span>
        </Text>
        {canEdit && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => put(slot.words.map((word) => String(word)))}
          >
            Edit words
          </Button>
        )}
      </Group>
      <Text size="xs" className="mp-soft" component="p" m={0}>
        {slot.words.slice(0, FEW).map(cell).join(", ")}
        {slot.words.length > FEW && " …"}
      </Text>
    </div>
  );
}

interface OwnProps {
  name: string;
  words: readonly string[];
  put: (words: readonly string[]) => void;
}

function Own({ name, words, put }: OwnProps) {
  return (
    <TagsInput
      size="xs"
      className={classes.words}
      label={`Words of {${name}}`}
      description="Enter adds one; none at all takes ours again."
      value={[...words]}
      onChange={(next) => put(next.map((word) => word.replaceAll("|", " ")))}
      clearable
      clearButtonProps={{ "aria-label": `No words of ${name}` }}
    />
  );
}

/** Words under a name that no lexicon of ours has. */
function NewLexicon({ put }: { put: (name: string, words: readonly string[]) => void }) {
  const [name, setName] = useState("");
  const [words, setWords] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    const list = words
      .split(",")
      .map((word) => word.trim().replaceAll("|", " "))
      .filter((word) => word !== "");
    put(name.trim(), list);
    setName("");
    setWords("");
  }
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end">
        <TextInput
          size="xs"
          w={100}
          label="New lexicon"
          placeholder="dish"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          style={{ flex: 1, minWidth: 110 }}
          label="Its words"
          placeholder="stew, salad"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button
          size="xs"
          variant="default"
          type="submit"
          disabled={name.trim() === "" || words.trim() === ""}
        >
          Add
        </Button>
      </Group>
    </form>
  );
}
