/** A finding becomes a check by a click, which fails until it is mended. */
import { Button } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { useData } from "@/screens/data/dataHere";
import { keepChecks, suiteOf } from "@/screens/data/inspect/checks";
import { toast } from "@/shared/toast";

interface KeepDataCheckProps {
  checks: readonly string[];
  reference?: string | undefined;
  label?: string;
  size?: string;
}

export function KeepDataCheck(props: KeepDataCheckProps) {
  const { checks, reference, label = "Make a check", size = "compact-xs" } = props;
  const { ref, name } = useData();
  const [isBusy, setBusy] = useState(false);
  const show = useShowSuite();

  async function keep() {
    setBusy(true);
    try {
      const draft = { suite: suiteOf(name, reference), checks, reference };
      const { suite, added } = await keepChecks(ref, draft);
      toast({ text: `${saidOf(added)} in the suite ${suite} now.`, ...show(suite) });
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "No check was made.", isFault: true });
    }
    setBusy(false);
  }

  return (
    <Button
      size={size}
      variant="default"
      leftSection={<IconChecklist size={14} />}
      loading={isBusy}
      onClick={() => void keep()}
    >
      {label}
    </Button>
  );
}

function saidOf(added: readonly string[]): string {
  return added.length === 1 ? `“${added[0]}” is` : `${added.length} checks are`;
}

/** A way to the suite on the Tests screen, which belongs to an evaluation. */
export function useShowSuite() {
  const here = useMaybeHere();
  const navigate = useNavigate();
  return (suite: string) => {
    if (!here) return {};
    const run = () =>
      void navigate({
        to: "/e/$model/$dataset/tests",
        params: here.place,
        search: { suite } as never,
      });
    return { action: { label: "Look at it", run } };
  };
}
