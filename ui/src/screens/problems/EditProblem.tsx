/** The words of a problem as a form. */
import { Button, Group, NumberInput, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ProblemRecord } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import type { Change } from "@/screens/problems/ProblemDetail";
import { ProblemWords, type Words } from "@/screens/problems/ProblemWords";
import { harmChoices, useProblems } from "@/screens/problems/problems";

interface EditProblemProps {
  record: ProblemRecord;
  change: Change;
  close: () => void;
}

export function EditProblem({ record, change, close }: EditProblemProps) {
  const { place } = useHere();
  const problems = useProblems(place);
  // What somebody else writes meanwhile must not be overwritten by a form that was opened before.
  const [opened] = useState(record);
  const [isTold, setTold] = useState(false);
  const [words, setWords] = useState<Words>(record);
  const [where, setWhere] = useState(record.where);
  const [target, setTarget] = useState<number | string>(record.target ?? "");
  const [positive, setPositive] = useState(textsOf(record, true));
  const [negative, setNegative] = useState(textsOf(record, false));
  const [isBusy, setBusy] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    const edit = {
      ...changedWords(opened, words),
      ...(where.trim() === opened.where ? {} : { where: where.trim() }),
      ...(target === (opened.target ?? "") || target === "" ? {} : { target: Number(target) }),
      ...(positive === textsOf(opened, true) ? {} : { positive: linesOf(positive) }),
      ...(negative === textsOf(opened, false) ? {} : { negative: linesOf(negative) }),
    };
    if (Object.keys(edit).length === 0) return close();
    setBusy(true);
    // Once told that it was changed, one may save what one changed oneself upon the newest.
    const isDone = await change(edit, isTold ? record.version : opened.version);
    if (!isDone) setTold(true);
    setBusy(false);
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack gap="xs">
        <ProblemWords
          words={words}
          set={(part) => setWords((before) => ({ ...before, ...part }))}
          harms={harmChoices(problems.data?.harms)}
        />
        <Textarea
          label="Rows"
          description="A cohort; its check is made anew."
          size="xs"
          autosize
          value={where}
          onChange={(event) => setWhere(event.currentTarget.value)}
        />
        <Group gap="xs" grow align="flex-start">
          <Textarea
            label="Patterns that show it"
            description="One a line: a cohort, or words."
            size="xs"
            autosize
            minRows={2}
            value={positive}
            onChange={(event) => setPositive(event.currentTarget.value)}
          />
          <Textarea
            label="Patterns that are no case of it"
            description="One a line."
            size="xs"
            autosize
            minRows={2}
            value={negative}
            onChange={(event) => setNegative(event.currentTarget.value)}
          />
        </Group>
        <NumberInput
          label="Bound of its check"
          size="xs"
          w={180}
          value={target}
          step={0.01}
          onChange={setTarget}
        />
        <Group gap="xs">
          <Button type="submit" size="xs" loading={isBusy} disabled={!words.title.trim()}>
            Save
          </Button>
          <Button size="xs" variant="default" onClick={close}>
            Leave it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function changedWords(before: Words, now: Words): Partial<Words> {
  const names = ["title", "description", "expected", "owner", "harm"] as const;
  return Object.fromEntries(
    names.filter((name) => now[name] !== before[name]).map((name) => [name, now[name]]),
  );
}

function textsOf(record: ProblemRecord, isPositive: boolean): string {
  const chosen = record.patterns.filter((pattern) => pattern.is_positive === isPositive);
  return chosen.map(({ text }) => text).join("\n");
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
