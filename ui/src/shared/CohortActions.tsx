/** What one can do with a cohort that was found: look, tag, name, copy. */
import { Button, Group, Popover, Stack, TextInput } from "@mantine/core";
import { IconCopy, IconDeviceFloppy, IconTable, IconTag } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { evaluationPath, send } from "@/api/client";
import { exported } from "@/api/exported";
import { forgetEvaluation, queryClient } from "@/api/queries";
import type { SavedCohort, TagState } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure } from "@/app/states";
import classes from "@/shared/CohortActions.module.css";
import { quoted } from "@/shared/cohortText";
import { ExploreLink } from "@/shared/ExploreLink";
import { counted } from "@/shared/format";
import { MakeCheck } from "@/shared/MakeCheck";
import { OpenProblem } from "@/shared/OpenProblem";
import { toast } from "@/shared/toast";

interface CohortActionsProps {
  where: string;
  suggested: string; // a name for it
}

export function CohortActions({ where, suggested }: CohortActionsProps) {
  const { place, facts } = useHere();

  async function tag(name: string) {
    const path = evaluationPath(place.model, place.dataset, `tags/${encodeURIComponent(name)}`);
    const { value } = await send<TagState>("POST", path, { body: { where } });
    toast({
      text: `${counted(value.n, "row has", "rows have")} the tag “${value.name}” now. See Priorities.`,
    });
    await forgetEvaluation(place);
  }

  async function save(name: string) {
    const body = { name, where, note: "", evaluation: facts.ref };
    const { value } = await send<SavedCohort>("POST", "cohorts", { body });
    toast({ text: `Saved. It is cohort(${quoted(value.name)}) everywhere in this workspace.` });
    await forgetEvaluation(place);
    await queryClient.invalidateQueries({ queryKey: ["workspace"] });
  }

  async function copy() {
    await navigator.clipboard?.writeText(where);
    toast({ text: "The condition was copied." });
  }

  return (
    <Group gap={6} mt={8}>
      <ExploreLink where={where} className={classes.button}>
        <IconTable size={14} aria-hidden /> Rows
      </ExploreLink>
      {!exported() && (
        <>
          <Naming title="Tag" icon={<IconTag size={14} />} suggested={suggested} act={tag} />
          <Naming
            title="Save as cohort"
            icon={<IconDeviceFloppy size={14} />}
            suggested={suggested}
            act={save}
          />
          <MakeCheck where={where} name={suggested} />
          <OpenProblem finding={{ kind: "slice", where }} title={suggested} />
        </>
      )}
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconCopy size={14} />}
        onClick={() => void copy()}
      >
        Copy condition
      </Button>
    </Group>
  );
}

interface NamingProps {
  title: string;
  icon: React.ReactNode;
  suggested: string;
  act: (name: string) => Promise<void>;
}

function Naming({ title, icon, suggested, act }: NamingProps) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState(suggested);
  const [error, setError] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setError(null);
    try {
      await act(name.trim());
      setOpen(false);
    } catch (fault) {
      setError(fault);
    }
  }

  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus width={280} position="bottom-start">
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={icon}
          onClick={() => setOpen(!isOpen)}
        >
          {title}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Stack gap="xs">
            <TextInput
              label={title === "Tag" ? "Tag these rows as" : "Name of the cohort"}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              data-autofocus
            />
            {error !== null && <Failure error={error} />}
            <Button size="xs" type="submit">
              {title}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
