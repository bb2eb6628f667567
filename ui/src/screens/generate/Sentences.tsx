/** The text of a template with a picker of lexicons; a picked one stands where the caret is. */
import { Button, Group, Popover, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconVocabulary } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { get } from "@/api/client";
import type { LexiconList } from "@/api/types";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/generate/Generate.module.css";
import { type TemplateDraft, withPlace } from "@/screens/generate/template";
import { count } from "@/shared/format";
import { Panel } from "@/shared/Panel";

interface SentencesProps {
  texts: readonly string[];
  draft: TemplateDraft | undefined;
}

const PAUSE_MS = 500;

export function Sentences({ texts, draft }: SentencesProps) {
  const { set } = useSearch();
  const given = Array.isArray(draft?.template) ? draft.template.join("\n") : "";
  const [text, setText] = useState(given);
  const [last, setLast] = useState(given);
  const field = useRef<HTMLTextAreaElement>(null);
  if (given !== last) {
    setLast(given);
    if (given !== linesOf(text).join("\n")) setText(given);
  }
  const settle = useDebouncedCallback((next: string) => {
    const lines = linesOf(next);
    set({ template: lines.length > 0 ? lines : undefined }, { replace: true });
  }, PAUSE_MS);

  function change(next: string) {
    setText(next);
    settle(next);
  }

  function pick(place: string) {
    const { selectionStart: start = text.length, selectionEnd: end = start } = field.current ?? {};
    change(withPlace(text, place, start, end));
    field.current?.focus();
  }

  return (
    <Panel
      title="Template"
      says="One sentence a line. {name} is a word of a lexicon, {adjective:positive} of a group of it, {a profession} has “a” or “an” before it, {name1} and {name2} are two different ones."
      actions={<LexiconPicker pick={pick} />}
    >
      <Stack gap="sm">
        <Textarea
          ref={field}
          label="Sentences"
          className={classes.template}
          autosize
          minRows={2}
          maxRows={12}
          placeholder="{name} said the {service} was {adjective:positive}."
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
        {texts.length > 1 && (
          <Select
            size="xs"
            w={220}
            label="Into the column"
            data={[...texts]}
            value={draft?.column ?? null}
            onChange={(into) => set({ into: into ?? undefined }, { replace: true })}
          />
        )}
      </Stack>
    </Panel>
  );
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

export function LexiconPicker({ pick }: { pick: (place: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={330}
      trapFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconVocabulary size={14} />}
          onClick={() => setOpen(!isOpen)}
        >
          Lexicons
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Lexicons">
        <Lexicons
          pick={(place) => {
            setOpen(false);
            pick(place);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

const FEW = 5; // words that say what a lexicon has

function Lexicons({ pick }: { pick: (place: string) => void }) {
  const [text, setText] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const found = useQuery({
    queryKey: ["lexicons"],
    queryFn: ({ signal }) => get<LexiconList>("lexicons", {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => search.current?.focus(), []);
  const wanted = text.trim().toLowerCase();
  const rows = (found.data?.rows ?? []).filter(
    ({ name, groups }) =>
      name.includes(wanted) ||
      groups.some(
        (group) =>
          group.name.includes(wanted) || group.words.some((w) => w.toLowerCase() === wanted),
      ),
  );
  return (
    <Stack gap="xs">
      <TextInput
        ref={search}
        size="xs"
        aria-label="Search lexicons"
        placeholder="Search lexicons, groups, words"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {found.isPending && <Loading label="Reading the lexicons" />}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      <ul className={`mp-plain ${classes.lexicons}`}>
        {rows.map(({ name, n, groups }) => (
          <li key={name}>
            <Group gap={6}>
              <Button size="compact-xs" variant="light" onClick={() => pick(name)}>
                {name}
              </Button>
              <Text size="xs" className="mp-soft">
                {count(n)} words
              </Text>
            </Group>
            <Text size="xs" className="mp-soft">
              {groups[0]?.words.slice(0, FEW).join(", ")} …
            </Text>
            {groups.length > 1 && (
              <Group gap={4} mt={2}>
                {groups.map((group) => (
                  <Button
                    key={group.name}
                    size="compact-xs"
                    variant="default"
                    title={group.words.slice(0, 2 * FEW).join(", ")}
                    onClick={() => pick(`${name}:${group.name}`)}
                  >
                    {group.name}
                  </Button>
                ))}
              </Group>
            )}
          </li>
        ))}
      </ul>
      {found.data && rows.length === 0 && <Text size="sm">No lexicon is like that.</Text>}
    </Stack>
  );
}
