/** A name for the cohort, so that it can be used elsewhere. */
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { send } from "@/api/client";
import { forgetEvaluation, queryClient } from "@/api/queries";
import type { Exploration, SavedCohort } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure } from "@/app/states";
import { quoted } from "@/shared/cohortText";
import { counted } from "@/shared/format";
import { toast } from "@/shared/toast";

interface SaveCohortProps {
  exploration: Exploration;
  isOpen: boolean;
  onClose: () => void;
}

export function SaveCohort({ exploration, isOpen, onClose }: SaveCohortProps) {
  if (!isOpen) return null;
  return (
    <Modal opened onClose={onClose} title="Save as cohort">
      <SaveForm exploration={exploration} onClose={onClose} />
    </Modal>
  );
}

function SaveForm({ exploration, onClose }: Omit<SaveCohortProps, "isOpen">) {
  const { place, facts } = useHere();
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const isKnown = facts.cohorts.some((cohort) => cohort.name === name.trim());

  async function save(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const body = { name: name.trim(), where: exploration.where, note, evaluation: facts.ref };
      const { value } = await send<SavedCohort>("POST", "cohorts", { body });
      toast({ text: `Saved. It is cohort(${quoted(value.name)}) everywhere in this workspace.` });
      onClose();
      await forgetEvaluation(place);
      await queryClient.invalidateQueries({ queryKey: ["workspace"] });
    } catch (fault) {
      setError(fault);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={save}>
      <Stack gap="sm">
        <Text size="sm">
          {counted(exploration.n, "row")}: {exploration.sentence}.
        </Text>
        <TextInput
          label="Name"
          placeholder="seniors"
          description={isKnown ? "There is one: this will be its next version." : undefined}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        <Textarea
          label="Note"
          placeholder="Why these rows matter"
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {error !== null && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={name.trim() === ""}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
