/** How strongly, where, and with which options and seed inputs are changed. */
import { Checkbox, Group, NumberInput, Slider, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useId, useState } from "react";
import type { OfferedPerturbations, PerturbationOption } from "@/api/types";
import { many } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { ColumnsField } from "@/screens/generate/ColumnsField";
import { type Change, STRENGTH, withOption } from "@/screens/generate/change";
import classes from "@/screens/generate/Generate.module.css";
import { NumberField } from "@/shared/NumberField";

interface ChangeOptionsProps {
  offered: OfferedPerturbations;
  change: Change;
}

export function ChangeOptions({ offered, change }: ChangeOptionsProps) {
  const { search, set } = useSearch();
  const chosen = offered.rows.filter(({ name }) => change.names.includes(name));
  const kinds = new Set(chosen.map(({ on }) => on));
  const columns = offered.columns_changed.filter(({ on }) => kinds.has(on));
  const options = new Map(chosen.flatMap((row) => row.options.map((item) => [item.name, item])));
  const again = (changes: object) => set({ ...changes, count: undefined }, { replace: true });
  return (
    <Group align="flex-start" gap="lg">
      <Strength value={change.strength} take={(strength) => again({ strength })} />
      {columns.length > 1 && (
        <ColumnsField
          able={columns}
          value={change.columns}
          all="all that can change"
          take={(column) => again({ column })}
        />
      )}
      {[...options.values()].map((option) => (
        <Option
          key={option.name}
          option={option}
          value={change.options[option.name]}
          take={(value) =>
            again({ option: withOption(many(search, "option"), option.name, value) })
          }
        />
      ))}
      <NumberField
        size="xs"
        w={90}
        label="Seed"
        min={0}
        max={2 ** 32 - 1}
        allowDecimal={false}
        value={change.seed}
        take={(seed) => again({ seed: seed === 0 ? undefined : String(seed) })}
      />
    </Group>
  );
}

/** The slider moves at once; the address and the preview follow when it rests. */
function Strength({ value, take }: { value: number; take: (value: string | undefined) => void }) {
  const id = useId();
  const [shown, setShown] = useState(value);
  useEffect(() => setShown(value), [value]);
  const settle = useDebouncedCallback(
    (next: number) => take(next === STRENGTH ? undefined : String(next)),
    PAUSE_MS,
  );
  return (
    <div className={classes.strength}>
      <Text size="xs" fw={500} id={id}>
        Strength <b>{shown.toFixed(2)}</b>
      </Text>
      <Slider
        size="sm"
        mt={8}
        mb={18}
        min={0}
        max={1}
        step={0.05}
        label={(at) => at.toFixed(2)}
        value={shown}
        marks={MARKS}
        thumbProps={{ "aria-labelledby": id }}
        onChange={(next) => {
          const rounded = Number(next.toFixed(2));
          setShown(rounded);
          settle(rounded);
        }}
      />
    </div>
  );
}

const PAUSE_MS = 250;
const MARKS = [
  { value: 0, label: "0" },
  { value: 0.5, label: "0.5" },
  { value: 1, label: "1" },
];

interface OptionProps {
  option: PerturbationOption;
  value: string | number | boolean | undefined;
  take: (value: string) => void;
}

function Option({ option, value, take }: OptionProps) {
  const [text, setText] = useState(String(value ?? option.default ?? ""));
  const settle = useDebouncedCallback((next: string) => take(next), 2 * PAUSE_MS);
  const label = option.name.replaceAll("_", " ");
  if (option.kind === "truth") {
    return (
      <Checkbox
        size="xs"
        mt={26}
        label={label}
        title={option.says}
        checked={Boolean(value ?? option.default)}
        onChange={(event) => take(event.currentTarget.checked ? "true" : "")}
      />
    );
  }
  const change = (next: string | number) => {
    setText(String(next));
    settle(String(next));
  };
  const rest = { size: "xs", w: 130, label, title: option.says } as const;
  return option.kind === "number" ? (
    <NumberInput {...rest} value={text} onChange={change} placeholder="by itself" />
  ) : (
    <TextInput {...rest} value={text} onChange={(event) => change(event.currentTarget.value)} />
  );
}
