/** One input of the model, to be changed: a control by its type, what it was, where it flips. */
import { NumberInput, Select, Slider, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { FlipPoint } from "@/api/types";
import { isSame } from "@/screens/row/why/changes";
import classes from "@/screens/row/why/Field.module.css";
import type { Input } from "@/screens/row/why/useInputs";
import { cell } from "@/shared/format";
import { IconAction } from "@/shared/IconAction";

interface FieldProps {
  input: Input;
  value: unknown; // now
  flips: readonly FlipPoint[];
  take: (value: unknown) => void;
}

export function Field({ input, value, flips, take }: FieldProps) {
  const isChanged = !isSame(value, input.value);
  return (
    <li className={classes.field} data-changed={isChanged || undefined} data-field={input.column}>
      <span className={classes.name} title={input.column}>
        {input.column}
        {isChanged && <span className={classes.was}>was {short(input.value)}</span>}
      </span>
      <div className={classes.control}>
        <Control key={input.kind} input={input} value={value} flips={flips} take={take} />
      </div>
      <span className={classes.undo}>
        {isChanged && (
          <IconAction
            size="small"
            side="end"
            label={`${input.column} as it was`}
            onClick={() => take(input.value)}
          >
            <IconArrowBackUp size={15} />
          </IconAction>
        )}
      </span>
      {flips.length > 0 && <Flips flips={flips} value={value} take={take} />}
    </li>
  );
}

function Control({ input, value, flips, take }: FieldProps): ReactNode {
  if (input.kind === "number") {
    return <Amount input={input} value={value} flips={flips} take={take} />;
  }
  if (input.kind === "boolean" || (input.kind === "choice" && !input.isOpen)) {
    return <Choice input={input} value={value} take={take} />;
  }
  if (input.kind === "none") return <span className="mp-soft">{short(value)}</span>;
  return <Words input={input} value={value} take={take} />;
}

const MISSING = "missing";
const MANY = 8; // choices from which on one looks for them by name

function Choice({ input, value, take }: Omit<FieldProps, "flips">) {
  const all = [value, input.value, ...input.choices];
  const known = new Map(all.map((choice) => [textOf(choice), choice]));
  const order = new Set([...input.choices, input.value, value].map(textOf));
  return (
    <Select
      size="xs"
      aria-label={input.column}
      searchable={order.size > MANY}
      data={[...order]}
      value={textOf(value)}
      onChange={(next) => next !== null && take(known.get(next) ?? null)}
      allowDeselect={false}
    />
  );
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? MISSING : cell(value);
}

const PAUSE_MS = 350;

/** A number: typed, or moved within what the data has. */
function Amount({ input, value, flips, take }: FieldProps) {
  const [shown, setShown] = useFollowed<string | number>(typeof value === "number" ? value : "");
  const later = useDebouncedCallback(take, PAUSE_MS);
  const { low, high, decimals } = input;
  const isWhole = decimals === 0;
  const isRange = low !== null && high !== null && low < high;
  function move(next: number) {
    setShown(next);
    later(next);
  }
  return (
    <span className={classes.amount}>
      <NumberInput
        size="xs"
        aria-label={input.column}
        value={shown}
        placeholder="missing"
        hideControls
        allowDecimal={!isWhole}
        onChange={(next) => {
          setShown(next);
          if (typeof next === "number") later(next);
        }}
      />
      {isRange && (
        <Slider
          className={classes.slider}
          size={4}
          thumbSize={16}
          min={low}
          max={high}
          step={stepOf(low, high, isWhole)}
          value={typeof shown === "number" ? Math.min(high, Math.max(low, shown)) : low}
          onChange={move}
          label={null}
          thumbLabel={`${input.column}, from ${cell(low)} to ${cell(high)}`}
          marks={marksOf(flips, low, high)}
        />
      )}
    </span>
  );
}

/** A text, or a value of which not all are known. */
function Words({ input, value, take }: Omit<FieldProps, "flips">) {
  const [shown, setShown] = useFollowed(value === null || value === undefined ? "" : String(value));
  const later = useDebouncedCallback(take, PAUSE_MS * 2);
  const common = {
    size: "xs",
    "aria-label": input.column,
    value: shown,
    placeholder: "missing",
    onChange: (event: { currentTarget: { value: string } }) => {
      setShown(event.currentTarget.value);
      later(event.currentTarget.value);
    },
  } as const;
  return input.kind === "text" ? (
    <Textarea {...common} autosize minRows={2} maxRows={12} />
  ) : (
    <TextInput {...common} />
  );
}

/** State that follows the address when that changes from elsewhere. */
function useFollowed<T>(value: T): [T, (next: T) => void] {
  const [shown, setShown] = useState(value);
  const [before, setBefore] = useState(value);
  if (before !== value) {
    setBefore(value);
    setShown(value);
  }
  return [shown, setShown];
}

interface FlipsProps {
  flips: readonly FlipPoint[];
  value: unknown;
  take: (value: unknown) => void;
}

/** The smallest change of this input alone that gives another prediction; a click makes it. */
function Flips({ flips, value, take }: FlipsProps) {
  return (
    <span className={classes.flips}>
      <span className="mp-soft">alone it flips {flips[0]?.direction === "to" ? "as" : "at"}</span>
      {flips.map(({ at, prediction }) => (
        <UnstyledButton
          key={cell(at)}
          className={classes.flip}
          fz={12}
          aria-pressed={isSame(at, value)}
          onClick={() => take(at)}
          title={`Predicted ${cell(prediction)} then`}
        >
          {cell(at)} → {cell(prediction)}
        </UnstyledButton>
      ))}
    </span>
  );
}

function marksOf(flips: readonly FlipPoint[], low: number, high: number) {
  return flips.flatMap(({ at }) =>
    typeof at === "number" && at >= low && at <= high ? [{ value: at }] : [],
  );
}

/** Whole steps, or a hundredth of the range, rounded to 1, 2 or 5. */
export function stepOf(low: number, high: number, isWhole: boolean): number {
  const fine = (high - low) / 100;
  const power = 10 ** Math.floor(Math.log10(fine));
  const step = power * ([1, 2, 5].findLast((times) => power * times <= fine) ?? 1);
  return isWhole ? Math.max(1, Math.round(step)) : step;
}

const LONG = 40;

function short(value: unknown): string {
  const text = cell(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}
