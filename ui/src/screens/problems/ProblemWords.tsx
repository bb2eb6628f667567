/** The fields of a problem that are words: title, what happens, what is expected, owner, harm. */
import { Group, Select, Textarea, TextInput } from "@mantine/core";

export interface Words {
  title: string;
  description: string;
  expected: string;
  owner: string;
  harm: number;
}

interface ProblemWordsProps {
  words: Words;
  set: (part: Partial<Words>) => void;
  harms: { value: string; label: string }[];
}

export function ProblemWords({ words, set, harms }: ProblemWordsProps) {
  return (
    <>
      <TextInput
        label="Title"
        size="xs"
        required
        data-autofocus
        value={words.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <Textarea
        label="What happens"
        size="xs"
        autosize
        minRows={2}
        value={words.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <TextInput
        label="What is expected"
        size="xs"
        value={words.expected}
        onChange={(event) => set({ expected: event.currentTarget.value })}
      />
      <Group gap="xs" grow align="flex-start">
        <TextInput
          label="Owner"
          size="xs"
          value={words.owner}
          onChange={(event) => set({ owner: event.currentTarget.value })}
        />
        <Select
          label="Harm"
          size="xs"
          data={harms}
          value={String(words.harm)}
          onChange={(value) => value && set({ harm: Number(value) })}
          allowDeselect={false}
        />
      </Group>
    </>
  );
}
