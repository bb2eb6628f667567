/** Text of a check or suite; a fault is told below it, and its place is selected. */
import { Button, Group, Stack, Textarea } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/client";
import { Failure } from "@/app/states";
import classes from "@/screens/tests/Tests.module.css";

interface YamlEditorProps {
  label: string;
  text: string;
  save: (text: string) => Promise<unknown>;
  rows?: number;
  also?: ReactNode;
  typed?: (text: string) => void;
}

export function YamlEditor({ label, text: given, save, rows = 6, also, typed }: YamlEditorProps) {
  const [text, setText] = useState(given);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const before = useRef(given);
  useEffect(() => {
    const last = before.current;
    before.current = given;
    setText((now) => (now === last ? given : now)); // what was typed is never lost
  }, [given]);

  async function submit() {
    setBusy(true);
    setError(null);
    try {
      await save(text);
    } catch (fault) {
      setError(fault);
      if (fault instanceof ApiError && fault.position !== null) show(fault.position);
    }
    setBusy(false);
  }

  function show(position: number) {
    const word = /^\S+/.exec(text.slice(position))?.[0].length ?? 1;
    field.current?.focus();
    field.current?.setSelectionRange(position, position + word);
  }

  return (
    <Stack gap="xs">
      <Textarea
        ref={field}
        label={label}
        className={classes.yaml}
        autosize
        minRows={rows}
        maxRows={24}
        spellCheck={false}
        autoCapitalize="off"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          typed?.(event.currentTarget.value);
        }}
        error={error !== null}
      />
      {error !== null && <Failure error={error} />}
      <Group gap="xs">
        <Button size="xs" loading={isBusy} onClick={() => void submit()}>
          Save
        </Button>
        {also}
      </Group>
    </Stack>
  );
}
