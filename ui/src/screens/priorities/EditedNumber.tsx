/** A number that is saved when one leaves it or presses Enter; Escape takes it back. */
import { NumberInput } from "@mantine/core";
import { useRef, useState } from "react";
import { exported } from "@/api/exported";
import classes from "@/screens/priorities/Priorities.module.css";

interface EditedNumberProps {
  label: string;
  value: number | null;
  min: number;
  max: number | undefined;
  step?: number;
  isWhole?: boolean;
  placeholder?: string;
  save: (value: number | null) => Promise<unknown>;
}

export function EditedNumber({ label, value, save, isWhole, ...rest }: EditedNumberProps) {
  const [text, setText] = useState<string | number>(value ?? "");
  const [before, setBefore] = useState(value);
  const asked = useRef<number | null>(value);
  if (before !== value) {
    setBefore(value);
    setText(value ?? "");
  }

  function commit() {
    const next = text === "" ? null : Number(text);
    if (next === value || next === asked.current) return;
    asked.current = next;
    save(next).catch(() => {
      asked.current = value;
      setText(value ?? "");
    });
  }

  return (
    <NumberInput
      size="xs"
      className={classes.edit}
      aria-label={label}
      hideControls
      readOnly={exported() !== null}
      decimalScale={isWhole ? 0 : 3}
      clampBehavior="strict"
      value={text}
      onChange={setText}
      onFocus={() => {
        asked.current = value;
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setText(value ?? "");
      }}
      {...rest}
    />
  );
}
