/** Saves what a person says of a tag, and asks for the table anew, since gains may change. */
import { useMutation } from "@tanstack/react-query";
import { evaluationPath, send } from "@/api/client";
import { forgetEvaluation } from "@/api/queries";
import type { Priority, TagState } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { toast } from "@/shared/toast";

export type Settings = Partial<Pick<Priority, "ease" | "importance" | "ceiling" | "note">>;

export function useSettings(tag: string) {
  const { place } = useHere();
  const path = evaluationPath(place.model, place.dataset, `tags/${encodeURIComponent(tag)}`);
  const saving = useMutation({
    mutationFn: (settings: Settings) => send<TagState>("PATCH", path, { body: settings }),
    onError: (fault) => toast({ text: `${tag}: ${fault.message}`, isFault: true }),
    onSettled: () => forgetEvaluation(place),
  });
  return { change: saving.mutateAsync, isSaving: saving.isPending };
}
