/** A finding about the data becomes a check by a click: the server writes it into a suite. */
import { Button } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { evaluationPath, send } from "@/api/client";
import { forgetEvaluation, queryClient } from "@/api/queries";
import type { Board } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { toast } from "@/shared/toast";

interface KeepCheckProps {
  endpoint: string; // of the evaluation, which answers with the suite's board
  body: object;
  says: string; // what the check holds
}

export function KeepCheck({ endpoint, body, says }: KeepCheckProps) {
  const { place } = useHere();
  const navigate = useNavigate();
  const [isBusy, setBusy] = useState(false);

  async function keep() {
    setBusy(true);
    try {
      const path = evaluationPath(place.model, place.dataset, endpoint);
      const { suite } = (await send<Board>("POST", path, { body })).value;
      await queryClient.invalidateQueries({ queryKey: ["suites"] });
      await forgetEvaluation(place);
      toast({
        text: `The suite ${suite} holds now that ${says}.`,
        action: { label: "Look at it", run: () => show(suite) },
      });
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "No check was made.", isFault: true });
    }
    setBusy(false);
  }

  function show(suite: string) {
    void navigate({
      to: "/e/$model/$dataset/tests",
      params: place,
      search: { suite } as never,
    });
  }

  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconChecklist size={14} />}
      loading={isBusy}
      onClick={() => void keep()}
    >
      Make a check
    </Button>
  );
}
