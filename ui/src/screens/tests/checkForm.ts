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

/** The YAML of a check's values; options that YAML alone can say go as they were typed. */
export async function textOf(form: CheckForm, kind: KindForm): Promise<string> {
  const values: Record<string, unknown> = {};
  const texts: Record<string, string> = {};
  for (const field of kind.fields) {
    const typed = form.texts[field.name];
    if (isFree(field, form)) {
      if (typed?.trim()) texts[field.name] = typed;
    } else if (field.name in form.values) values[field.name] = form.values[field.name];
  }
  const body = { name: form.name.trim(), kind: form.kind, values, texts };
  const { value } = await send<CheckText>("POST", "checks/text", { body });
  return value.text;
}

/** Whether a field is typed as YAML: it always is, or holds a value that no other field shows. */
export function isFree(field: CheckField, form: CheckForm): boolean {
  const value = form.values[field.name];
  const isNothing = value === undefined || value === null;
  if (value === null && field.default !== "") return true; // null is not what it is anyway
  switch (field.kind) {
    case "number":
    case "whole":
      return !isNothing && typeof value !== "number";
    case "truth":
      return !isNothing && typeof value !== "boolean";
    case "choice":
      return !isNothing && !field.choices.includes(String(value));
    case "list":
      return !isNothing && !Array.isArray(value) && typeof value !== "string";
    case "text":
      return !isNothing && typeof value === "object";
    default:
      return true;
  }
}
