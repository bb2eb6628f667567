/** A text that is saved when one leaves it or presses Enter; Escape takes it back. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { exported } from "@/api/exported";

interface EditedTextProps {
  label: string;
  value: string;
  placeholder: string;
  save: (value: string) => Promise<unknown>;
}

export function EditedText({ label, value, placeholder, save }: EditedTextProps) {
  const [text, setText] = useState(value);
  const [before, setBefore] = useState(value);
  if (before !== value) {
    setBefore(value);
    setText(value);
  }

  function commit() {
    if (text !== value) save(text).catch(() => setText(value));
  }

  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={placeholder}
      readOnly={exported() !== null}
      value={text}
      title={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setText(value);
      }}
    />
  );
}
