/** What can be done with the cohort as a whole. */
import { useDisclosure } from "@mantine/hooks";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDeviceFloppy,
  IconFilterOff,
  IconLink,
} from "@tabler/icons-react";
import { exported } from "@/api/exported";
import type { Exploration } from "@/api/types";
import classes from "@/screens/explore/cohort/CohortBar.module.css";
import { SaveCohort } from "@/screens/explore/cohort/SaveCohort";
import type { UndoRedo } from "@/screens/explore/useVisits";
import { IconAction } from "@/shared/IconAction";
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
    // biome-ignore lint/a11y/useSemanticElements: a <fieldset> is for forms
    <div className={classes.actions} role="group" aria-label="Cohort">
      <IconAction label="Undo (Ctrl+Z)" onClick={visits.undo}>
        <IconArrowBackUp size={18} />
      </IconAction>
      <IconAction label="Redo (Ctrl+Shift+Z)" onClick={visits.redo}>
        <IconArrowForwardUp size={18} />
      </IconAction>
      <IconAction label="Clear all filters" onClick={isFiltered ? () => onGo("") : undefined}>
        <IconFilterOff size={17} />
      </IconAction>
      <IconAction
        label="Save as cohort"
        onClick={isFiltered && !exported() ? saving.open : undefined}
      >
        <IconDeviceFloppy size={18} />
      </IconAction>
      <IconAction label="Copy a link to this view" side="end" onClick={() => void copyLink()}>
        <IconLink size={18} />
      </IconAction>
      {exploration && (
        <SaveCohort exploration={exploration} isOpen={isSaving} onClose={saving.close} />
      )}
    </div>
  );
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(window.location.href);
    toast({ text: "The link is copied. It shows this cohort, order and columns." });
  } catch {
    const text = "The browser does not let this page copy; copy the address instead.";
    toast({ text, isFault: true });
  }
}
