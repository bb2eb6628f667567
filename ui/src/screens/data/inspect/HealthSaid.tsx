/** The health in short, what it is held against, and checks that keep it. */
import { Button, Group } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { Health } from "@/api/types";
import { AgainstPicker } from "@/screens/data/inspect/AgainstPicker";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { KeepDataCheck } from "@/screens/data/inspect/KeepDataCheck";
import { ProposeDataChecks } from "@/screens/data/inspect/ProposeDataChecks";
import type { Against } from "@/screens/data/inspect/useAgainst";
import { count, counted, seconds } from "@/shared/format";
import { Panel } from "@/shared/Panel";

interface HealthSaidProps {
  found: Health | undefined;
  against: Against;
}

export function HealthSaid({ found, against }: HealthSaidProps) {
  const [isOpen, setOpen] = useState(false);
  const checks = found?.rows.map(({ check }) => check).filter(Boolean) ?? [];
  return (
    <Panel
      title={found ? titleOf(found) : "Is the data sound?"}
      says={
        found &&
        `${counted(found.ran, "check")} fit these columns and were run, in ${seconds(found.seconds)}.`
      }
      actions={
        <Group gap="xs" align="flex-end">
          <AgainstPicker against={against} label="Held against" without="nothing else" />
        </Group>
      }
    >
      {found && (
        <div className={classes.said}>
          <dl className={classes.counts}>
            {["high", "medium", "low"].map((word) => (
              <div key={word} data-severity={found.counts[word] ? word : undefined}>
                <dt>{word}</dt>
                <dd>{count(found.counts[word])}</dd>
              </div>
            ))}
          </dl>
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconListCheck size={16} />}
              onClick={() => setOpen(true)}
            >
              Propose checks of this data
            </Button>
            {checks.length > 1 && (
              <KeepDataCheck
                checks={checks}
                reference={found.reference || undefined}
                size="compact-sm"
                label={`Make ${checks.length} checks of all findings`}
              />
            )}
          </Group>
        </div>
      )}
      {isOpen && <ProposeDataChecks reference={against.chosen} close={() => setOpen(false)} />}
    </Panel>
  );
}

function titleOf({ rows, source }: Health): string {
  if (rows.length === 0) return `Nothing is wrong with ${source.of}, as far as checks can tell`;
  return `${count(rows.length)} ${rows.length === 1 ? "thing looks" : "things look"} wrong with ${source.of}`;
}
