/** What one can do with something that was found: see its rows, hold it by a check, care for it. */
import { Button } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconTable } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { DataRows } from "@/screens/data/inspect/DataRows";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { KeepDataCheck } from "@/screens/data/inspect/KeepDataCheck";
import actions from "@/shared/CohortActions.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { OpenProblem } from "@/shared/OpenProblem";

interface FindingActionsProps {
  where: string;
  kind: string; // of the finding, for a problem
  title: string;
  sentence: string;
  check?: string; // YAML
  reference?: string | undefined; // that the check compares with
  marked?: readonly string[];
  children?: ReactNode;
}

export function FindingActions(props: FindingActionsProps) {
  const { where, kind, title, sentence, check, reference, marked, children } = props;
  const [isOpen, setOpen] = useState(false);
  const here = useMaybeHere();
  const Mark = isOpen ? IconChevronUp : IconChevronDown;
  return (
    <>
      <div className={classes.actions}>
        {where && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<Mark size={14} />}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            Rows here
          </Button>
        )}
        {here && where && (
          <CohortLink where={where} className={actions.button}>
            <IconTable size={14} aria-hidden /> Open rows
          </CohortLink>
        )}
        {check && <KeepDataCheck checks={[check]} reference={reference} />}
        {here && where && <OpenProblem finding={{ kind, where, sentence }} title={title} />}
        {children}
      </div>
      {isOpen && (
        <div className={classes.inPlace}>
          <DataRows where={where} {...(marked ? { marked } : {})} />
        </div>
      )}
    </>
  );
}
