/** A check as values: the server makes them of its YAML, and YAML of them. */
import { useQuery } from "@tanstack/react-query";
import { evaluationPath, get, send } from "@/api/client";
import type { CheckField, CheckForm, CheckKinds, CheckText, KindForm } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";

/** What kinds there are, with what their options may name here. */
export function useCheckKinds() {
  const { place } = useHere();
  return useQuery({
    queryKey: ["evaluation", place.model, place.dataset, "check-kinds"],
    queryFn: ({ signal }) =>
      get<CheckKinds>(evaluationPath(place.model, place.dataset, "check-kinds"), {}, signal),
  });
}

/** The values of a check's YAML. */
export async function formOf(text: string): Promise<CheckForm> {
  const { value } = await send<CheckForm>("POST", "checks/form", { body: { text } });
  return value;
}

/** The same with each option once: as a value where a field shows it, else as YAML. */
export function settled(form: CheckForm, kind: KindForm): CheckForm {
  const values: Record<string, unknown> = {};
  const texts: Record<string, string> = {};
  for (const field of kind.fields) {
    const { name } = field;
    const text = form.texts[name];
    if (name in form.values && isShown(field, form.values[name])) values[name] = form.values[name];
    else if (text !== undefined) texts[name] = text;
  }
  return { ...form, values, texts };
}

/** The YAML of a check's values; options that YAML alone can say go as they were typed. */
export async function textOf(form: CheckForm): Promise<string> {
  const texts = Object.fromEntries(Object.entries(form.texts).filter(([, text]) => text.trim()));
  const body = { ...form, name: form.name.trim(), texts };
  const { value } = await send<CheckText>("POST", "checks/text", { body });
  return value.text;
}

/** Whether a field can show the value; `null` only where nothing is what it is anyway. */
function isShown({ kind, choices, default: usual }: CheckField, value: unknown): boolean {
  if (value === null) return usual === "" && kind !== "yaml";
  switch (kind) {
    case "number":
    case "whole":
      return typeof value === "number";
    case "truth":
      return typeof value === "boolean";
    case "choice":
      return choices.includes(String(value));
    case "list":
      return Array.isArray(value) || typeof value === "string";
    case "text":
      return typeof value !== "object";
    default:
      return false;
  }
}
