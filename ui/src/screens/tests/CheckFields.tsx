/** The options of a kind of check, each asked for as what it is. */
import {
  Autocomplete,
  Checkbox,
  MultiSelect,
  NumberInput,
  Select,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { CheckField, CheckForm, CheckKinds } from "@/api/types";
import classes from "@/screens/tests/Tests.module.css";

type Put = (name: string, value: unknown, text?: string) => void;

interface CheckFieldsProps {
  fields: readonly CheckField[];
  form: CheckForm;
  offered: CheckKinds["offered"];
  put: Put;
}

export function CheckFields({ fields, ...rest }: CheckFieldsProps) {
  return (
    <div className={classes.fields}>
      {fields.map((field) => (
        <Field key={field.name} field={field} {...rest} />
      ))}
    </div>
  );
}

interface FieldProps extends Omit<CheckFieldsProps, "fields"> {
  field: CheckField;
}

function Field({ field, form, offered, put }: FieldProps) {
  const { name, choices } = field;
  const value = form.values[name] ?? undefined;
  const names = offered[field.names] ?? [];
  const shared = {
    size: "xs" as const,
    label: name.replaceAll("_", " "),
    description: field.says,
    withAsterisk: field.is_required,
    inputWrapperOrder: ORDER,
  };
  const usual = field.default === "" ? "" : `${field.default}, if nothing is said`;
  const isFree = field.kind === "yaml" || (field.names === "label" && names.length === 0);
  if (isFree || name in form.texts) {
    return (
      <Textarea
        {...shared}
        className={classes.wide}
        classNames={{ input: classes.code }}
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        placeholder={usual || field.example}
        value={form.texts[name] ?? ""}
        onChange={({ currentTarget }) => put(name, undefined, currentTarget.value)}
        onBlur={({ currentTarget }) => currentTarget.value.trim() === "" && put(name, undefined)}
      />
    );
  }
  if (field.kind === "truth") {
    return (
      <Checkbox
        size="xs"
        label={shared.label}
        description={field.says}
        checked={value === undefined ? field.default === "true" : Boolean(value)}
        onChange={({ currentTarget }) => put(name, currentTarget.checked)}
      />
    );
  }
  if (field.kind === "number" || field.kind === "whole") {
    return (
      <NumberInput
        {...shared}
        placeholder={usual || field.words}
        allowDecimal={field.kind === "number"}
        min={field.minimum ?? undefined}
        max={field.maximum ?? undefined}
        step={stepOf(field)}
        value={value === undefined ? "" : Number(value)}
        onChange={(next) => put(name, typeof next === "number" ? next : undefined)}
      />
    );
  }
  if (field.kind === "choice" || (field.kind === "text" && CLOSED.includes(field.names))) {
    const data = field.kind === "choice" ? choices : names;
    return (
      <Select
        {...shared}
        searchable={data.length > 8}
        clearable={!field.is_required}
        clearButtonProps={{ "aria-label": `No ${shared.label}` }}
        placeholder={usual || (data.length > 0 ? "" : "there is none")}
        data={[...data]}
        value={value === undefined ? null : String(value)}
        onChange={(next) => put(name, next ?? undefined)}
      />
    );
  }
  if (field.kind === "list") {
    const given = listOf(value);
    const rest = {
      ...shared,
      className: classes.wide,
      clearable: true,
      clearButtonProps: { "aria-label": `No ${shared.label}` },
      placeholder: given.length > 0 ? "" : usual,
      value: given,
      onChange: (next: string[]) => put(name, next.length > 0 ? next : undefined),
    };
    return field.names === "column" ? (
      <MultiSelect {...rest} searchable data={[...new Set([...names, ...given])]} />
    ) : (
      <TagsInput {...rest} data={[...names]} splitChars={["\n"]} />
    );
  }
  const text = {
    ...shared,
    placeholder: usual || (field.names === "cohort" ? "all rows" : ""),
    value: value === undefined ? "" : String(value),
  };
  return names.length > 0 ? (
    <Autocomplete {...text} data={[...names]} onChange={(next) => put(name, next || undefined)} />
  ) : (
    <TextInput
      {...text}
      className={field.names === "cohort" ? classes.wide : undefined}
      spellCheck={false}
      onChange={({ currentTarget }) => put(name, currentTarget.value || undefined)}
    />
  );
}

const ORDER: ("label" | "input" | "description" | "error")[] = [
  "label",
  "input",
  "description",
  "error",
];
const CLOSED = ["tag", "column", "label"]; // nothing else can be named

function listOf(value: unknown): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** Small steps of shares, whole ones of counts. */
function stepOf({ kind, minimum, maximum }: CheckField): number {
  return kind === "number" && minimum === 0 && maximum === 1 ? 0.05 : 1;
}
