/** What can be done with the cohort as a whole. */
import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDeviceFloppy,
  IconFilterOff,
  IconLink,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Exploration } from "@/api/types";
import classes from "@/screens/explore/cohort/CohortBar.module.css";
import { SaveCohort } from "@/screens/explore/cohort/SaveCohort";
import type { UndoRedo } from "@/screens/explore/useVisits";
import { toast } from "@/shared/toast";

interface ActionsProps {
  exploration: Exploration | undefined;
  visits: UndoRedo;
  onGo: (where: string) => void;
}

export function Actions({ exploration, visits, onGo }: ActionsProps) {
  const [isSaving, saving] = useDisclosure(false);
  const isFiltered = Boolean(exploration?.where);
  return (
    <Group gap={2} wrap="nowrap" role="group" aria-label="Cohort">
      <Action label="Undo (Ctrl+Z)" onClick={visits.undo}>
        <IconArrowBackUp size={18} />
      </Action>
      <Action label="Redo (Ctrl+Shift+Z)" onClick={visits.redo}>
        <IconArrowForwardUp size={18} />
      </Action>
      <Action label="All rows: clear the filters" onClick={isFiltered ? () => onGo("") : undefined}>
        <IconFilterOff size={17} />
      </Action>
      <Action label="Save as cohort" onClick={isFiltered ? saving.open : undefined}>
        <IconDeviceFloppy size={18} />
      </Action>
      <Action label="Copy a link to this view" onClick={() => void copyLink()}>
        <IconLink size={18} />
      </Action>
      {exploration && (
        <SaveCohort exploration={exploration} isOpen={isSaving} onClose={saving.close} />
      )}
    </Group>
  );
}

interface ActionProps {
  label: string;
  onClick: (() => void) | undefined;
  children: ReactNode;
}

function Action({ label, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={32}
        className={classes.action}
        aria-label={label}
        disabled={!onClick}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(window.location.href);
    toast({ text: "The link is copied. It shows this cohort, order and columns." });
  } catch {
    toast({
      text: "The browser does not let this page copy; copy the address instead.",
      isFault: true,
    });
  }
}
