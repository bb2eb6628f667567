/** A number of the address: taken over when one leaves the field, presses Enter, or pauses. */
import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

type Ours = "value" | "onChange" | "onBlur" | "onKeyDown" | "defaultValue";

interface NumberFieldProps extends Omit<NumberInputProps, Ours> {
  value: number;
  take: (value: number) => void;
}

const PAUSE_MS = 700;

export function NumberField({ value, take, ...rest }: NumberFieldProps) {
  const [text, setText] = useState<string | number>(value);
  const [before, setBefore] = useState(value);
  if (before !== value) {
    setBefore(value);
    setText(value);
  }

  function settle(next: string | number) {
    if (typeof next === "number" && next !== value) take(next);
  }
  const settleLater = useDebouncedCallback(settle, PAUSE_MS);

  return (
    <NumberInput
      clampBehavior="strict"
      {...rest}
      value={text}
      onChange={(next) => {
        setText(next);
        settleLater(next);
      }}
      onBlur={() => settle(text)}
      onKeyDown={(event) => event.key === "Enter" && settle(text)}
    />
  );
}
