/** A cohort becomes a check by a click: it must not get worse than it is now. */
import { Button } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { apiUrl, evaluationPath, send } from "@/api/client";
import type { Place } from "@/api/queries";
import type { Job, ProposedChecks } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { addChecks } from "@/screens/tests/suites";
import { toast } from "@/shared/toast";

export function MakeCheck({ where, name }: { where: string; name: string }) {
  const { place } = useHere();
  const navigate = useNavigate();
  const [isBusy, setBusy] = useState(false);

  async function make() {
    setBusy(true);
    try {
      const found = await proposed(place, { where, name });
      const [row] = found.rows;
      if (row) {
        const { suite } = await addChecks(place, found.suite, [row.yaml]);
        toast({
          text: `“${row.check}” is in the suite ${suite}: ${row.verdict.expected}.`,
          action: { label: "Look at it", run: () => show(suite, row.check) },
        });
      }
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "No check was made.", isFault: true });
    }
    setBusy(false);
  }

  function show(suite: string, check: string) {
    void navigate({
      to: "/e/$model/$dataset/tests",
      params: place,
      search: { suite, check } as never,
    });
  }

  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconChecklist size={14} />}
      loading={isBusy}
      onClick={() => void make()}
    >
      Make a check
    </Button>
  );
}

/** The proposed check, once its job is done. */
async function proposed(place: Place, body: object): Promise<ProposedChecks> {
  const path = evaluationPath(place.model, place.dataset, "checks/proposals");
  const first = await send<ProposedChecks | Job>("POST", path, { body });
  if (first.status !== 202) return first.value as ProposedChecks;
  await over(first.value as Job);
  const { status, value } = await send<ProposedChecks | Job>("POST", path, { body });
  if (status === 202) throw new Error("No check was made; see the jobs at the top.");
  return value as ProposedChecks;
}

function over({ id }: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const source = new EventSource(apiUrl(`jobs/${id}/events`));
    source.addEventListener("end", () => {
      source.close();
      resolve();
    });
    source.addEventListener("error", () => {
      source.close();
      reject(new Error("The workspace does not answer."));
    });
  });
}
