/** Who chose which threshold and why: recorded beside the model. */
import { Button, Group, Modal, NumberInput, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { evaluationPath, send } from "@/api/client";
import { exported } from "@/api/exported";
import { forgetEvaluation } from "@/api/queries";
import { useHere } from "@/app/EvaluationFrame";
import { Failure } from "@/app/states";
import { toast } from "@/shared/toast";

export function RecordThreshold({ threshold }: { threshold: number }) {
  const [isOpen, setOpen] = useState(false);
  if (exported()) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Record this threshold
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Record a threshold">
        <RecordForm threshold={threshold} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function RecordForm({ threshold, onClose }: { threshold: number; onClose: () => void }) {
  const { place, facts } = useHere();
  const [value, setValue] = useState<string | number>(threshold);
  const [who, setWho] = useState("");
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const path = evaluationPath(place.model, place.dataset, "thresholds/decisions");
      await send("POST", path, { body: { threshold: Number(value), who, reason } });
      toast({ text: `Recorded: ${value} for ${facts.model}, signed off by ${who}.` });
      onClose();
      await forgetEvaluation(place);
    } catch (fault) {
      setError(fault);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={save}>
      <Stack gap="sm">
        <NumberInput
          label="Threshold"
          value={value}
          onChange={setValue}
          min={0}
          max={1}
          step={0.01}
          required
        />
        <TextInput
          label="Who signs it off"
          value={who}
          onChange={(event) => setWho(event.currentTarget.value)}
          required
          data-autofocus
        />
        <Textarea
          label="Why"
          placeholder="A missed customer costs four times a needless call."
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
        />
        {error !== null && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Record
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
