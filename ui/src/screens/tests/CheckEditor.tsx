/** A check by a form of its kind's options, or by its YAML: two views of the same text. */
import {
  Button,
  Collapse,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import type { CheckForm, CheckKinds, KindForm } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { CheckFields } from "@/screens/tests/CheckFields";
import { formOf, settled, textOf, useCheckKinds } from "@/screens/tests/checkForm";
import { YamlEditor } from "@/screens/tests/YamlEditor";

interface CheckEditorProps {
  text: string;
  save: (text: string) => Promise<unknown>;
  also?: ReactNode;
  starts?: "form" | "yaml";
}

export function CheckEditor({ text: given, save, also, starts = "form" }: CheckEditorProps) {
  const [view, setView] = useState<string>(starts);
  const [text, setText] = useState(given);
  const [before, setBefore] = useState(given);
  if (before !== given) {
    setBefore(given);
    setText(given); // it was saved, here or by somebody else
  }
  const collect = useRef<Collect>(undefined);
  const [error, setError] = useState<unknown>(null);

  /** What was filled in is in the YAML, and what was written there is in the form. */
  async function look(next: string) {
    setError(null);
    try {
      if (next === "yaml" && collect.current) setText(await collect.current());
      setView(next);
    } catch (fault) {
      setError(fault);
    }
  }
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label="How to edit the check"
        data={[
          { value: "form", label: "Form" },
          { value: "yaml", label: "YAML" },
        ]}
        value={view}
        onChange={(next) => void look(next)}
      />
      {error !== null && <Failure error={error} />}
      {view === "form" ? (
        <ByForm text={text} save={save} also={also} collect={collect} />
      ) : (
        <YamlEditor
          label="The check as YAML"
          text={text}
          save={save}
          also={also}
          typed={setText}
          rows={8}
        />
      )}
    </Stack>
  );
}

/** Gives the YAML of what was filled in. */
type Collect = (() => Promise<string>) | undefined;

interface ByFormProps extends Omit<CheckEditorProps, "starts"> {
  collect: RefObject<Collect>;
}

function ByForm({ text, save, also, collect }: ByFormProps) {
  const kinds = useCheckKinds();
  const [form, setForm] = useState<CheckForm>();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const known = kinds.data?.rows;
  useEffect(() => {
    let isWanted = known !== undefined;
    if (!known) return;
    formOf(text).then(
      (found) => isWanted && setForm(ofKind(found, known, found.kind)),
      (fault) => isWanted && setError(fault),
    );
    return () => {
      isWanted = false;
    };
  }, [text, known]);
  const kind = known?.find(({ name }) => name === form?.kind);

  useEffect(() => {
    collect.current = form && kind ? () => textOf(form) : undefined;
    return () => {
      collect.current = undefined;
    };
  }, [collect, form, kind]);

  async function submit() {
    if (!form || !kind) return;
    setBusy(true);
    setError(null);
    try {
      await save(await textOf(form));
    } catch (fault) {
      setError(fault);
    }
    setBusy(false);
  }

  if (error !== null && !form) return <Failure error={error} />;
  if (kinds.isError) return <Failure error={kinds.error} retry={() => void kinds.refetch()} />;
  if (!form || !kinds.data) return <Loading label="Reading the check" lines={5} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      noValidate
    >
      <Stack gap="sm">
        <Fields form={form} kinds={kinds.data} kind={kind} change={setForm} />
        {error !== null && <Failure error={error} />}
        <Group gap="xs">
          <Button
            size="xs"
            type="submit"
            loading={isBusy}
            disabled={!kind || form.name.trim() === ""}
          >
            Save
          </Button>
          {also}
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  form: CheckForm;
  kinds: CheckKinds;
  kind: KindForm | undefined;
  change: (form: CheckForm) => void;
}

function Fields({ form, kinds, kind, change }: FieldsProps) {
  const { facts } = useHere();
  const [isMore, setMore] = useState(false);
  const isAble = (item: KindForm) => item.needs !== "model" || facts.can_call_model;
  const data = [
    ["Of the model", kinds.rows.filter(({ needs }) => needs !== "data")],
    ["Of the data", kinds.rows.filter(({ needs }) => needs === "data")],
  ] as const;

  function put(name: string, value: unknown, text?: string) {
    const { [name]: _value, ...values } = form.values;
    const { [name]: _text, ...texts } = form.texts;
    change({
      ...form,
      values: value === undefined ? values : { ...values, [name]: value },
      texts: text === undefined ? texts : { ...texts, [name]: text },
    });
  }

  return (
    <>
      <Group align="flex-start" gap="sm" grow preventGrowOverflow={false}>
        <TextInput
          size="xs"
          label="Name"
          withAsterisk
          value={form.name}
          onChange={({ currentTarget }) => change({ ...form, name: currentTarget.value })}
        />
        <Select
          size="xs"
          label="Kind"
          withAsterisk
          searchable
          allowDeselect={false}
          data={data.map(([group, rows]) => ({
            group,
            items: rows.map((item) => ({
              value: item.name,
              label: isAble(item) ? item.name : `${item.name} (needs a model to ask)`,
              disabled: !isAble(item),
            })),
          }))}
          value={form.kind || null}
          onChange={(next) => next && change(ofKind(form, kinds.rows, next))}
        />
      </Group>
      {kind && (
        <>
          <Text size="sm">{kind.says}</Text>
          <CheckFields
            fields={kind.fields.filter(({ is_common }) => !is_common)}
            form={form}
            offered={kinds.offered}
            put={put}
          />
          <Button
            variant="subtle"
            size="compact-xs"
            w="fit-content"
            aria-expanded={isMore}
            onClick={() => setMore(!isMore)}
          >
            {isMore ? "Less" : "Severity, tags, owner, reason, seed"}
          </Button>
          <Collapse expanded={isMore}>
            <CheckFields
              fields={kind.fields.filter(({ is_common }) => is_common)}
              form={form}
              offered={kinds.offered}
              put={put}
            />
          </Collapse>
        </>
      )}
    </>
  );
}

/** The form of a kind: what that one can be told, too, is kept. */
function ofKind(form: CheckForm, kinds: readonly KindForm[], name: string): CheckForm {
  const kind = kinds.find((item) => item.name === name);
  return kind ? settled({ ...form, kind: name }, kind) : form;
}
