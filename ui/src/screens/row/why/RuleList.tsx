/** Which inputs may change, and in which direction. */
import { Checkbox, Group, NativeSelect, UnstyledButton } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { Example } from "@/api/types";
import classes from "@/screens/row/why/Counterfactuals.module.css";
import { type Rules, type Way, wayOf, withLock, withWay } from "@/screens/row/why/rules";
import { type Kind, useInputs } from "@/screens/row/why/useInputs";
import { cell, count } from "@/shared/format";

interface RuleListProps {
  example: Example;
  rules: Rules;
  setRules: (rules: Rules) => void;
}

const ORDERED = new Set<Kind>(["number", "time"]);

export function RuleList({ example, rules, setRules }: RuleListProps) {
  const hasRules = rules.locked.length + rules.up.length + rules.down.length > 0;
  const [isOpen, setOpen] = useState(hasRules);
  const inputs = useInputs(example).inputs?.filter(({ canVary }) => canVary) ?? [];
  const names = inputs.map(({ column }) => column);
  const free = names.filter((name) => !rules.locked.includes(name)).length;
  const all = free === names.length;
  return (
    <div>
      <Group gap="md">
        <UnstyledButton
          className={classes.toggle}
          fz={13}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? "▾" : "▸"} What may change:{" "}
          {all ? `all ${count(free)}` : `${count(free)} of ${count(names.length)}`} inputs
        </UnstyledButton>
        {isOpen && (
          <UnstyledButton
            className={classes.toggle}
            fz={13}
            onClick={() => setRules({ ...rules, locked: all ? names : [] })}
          >
            {all ? "Lock all" : "Unlock all"}
          </UnstyledButton>
        )}
      </Group>
      {isOpen && (
        <ul className={classes.columns} aria-label="What may change">
          {inputs.map(({ column, kind, value }) => (
            <Column
              key={column}
              column={column}
              value={value}
              isOrdered={ORDERED.has(kind)}
              rules={rules}
              setRules={setRules}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface ColumnProps {
  column: string;
  value: unknown;
  isOrdered: boolean;
  rules: Rules;
  setRules: (rules: Rules) => void;
}

function Column({ column, value, isOrdered, rules, setRules }: ColumnProps) {
  const id = useId();
  const isLocked = rules.locked.includes(column);
  return (
    <li className={classes.column} data-locked={isLocked || undefined}>
      <Checkbox
        id={id}
        size="xs"
        checked={!isLocked}
        onChange={(event) => setRules(withLock(rules, column, !event.currentTarget.checked))}
      />
      <label htmlFor={id} className={classes.what} title={`${column}: ${cell(value)}`}>
        {column} <span>{cell(value)}</span>
      </label>
      {isLocked ? (
        <IconLock size={14} aria-label="stays as it is" />
      ) : (
        isOrdered && (
          <NativeSelect
            size="xs"
            w={122}
            aria-label={`Direction of ${column}`}
            value={wayOf(rules, column)}
            onChange={(event) => setRules(withWay(rules, column, event.currentTarget.value as Way))}
            data={[
              { value: "any", label: "up or down" },
              { value: "up", label: "only up" },
              { value: "down", label: "only down" },
            ]}
          />
        )
      )}
    </li>
  );
}
