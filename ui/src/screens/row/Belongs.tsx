/** The tags, cohorts and slices that the row is in; tags are given and taken here. */
import { ActionIcon, Autocomplete, Group, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { exported } from "@/api/exported";
import { forgetEvaluation } from "@/api/queries";
import type { Example } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/row/Belongs.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { hasTag, quoted } from "@/shared/cohortText";
import { IconAction } from "@/shared/IconAction";
import { Panel } from "@/shared/Panel";
import { change } from "@/shared/tagging";
import { toast } from "@/shared/toast";

export function Belongs({ example }: { example: Example }) {
  const { place, facts } = useHere();
  const [name, setName] = useState("");
  const { number, tags, cohorts, slices } = example;

  async function tag(text: string, isRemoved: boolean) {
    try {
      await change(place, text, { rows: [number] }, isRemoved);
      const undo = () => void tag(text, !isRemoved);
      const said = isRemoved ? `“${text}” is taken from the row.` : `The row is tagged “${text}”.`;
      toast({ text: said, action: { label: "Undo", run: undo } });
      await forgetEvaluation(place);
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "Not tagged.", isFault: true });
    }
  }

  if (exported() && tags.length + cohorts.length + slices.length === 0) return null;

  function submit(event: FormEvent) {
    event.preventDefault();
    const text = name.trim();
    if (text === "") return;
    setName("");
    void tag(text, false);
  }

  return (
    <Panel title="Tags and cohorts">
      <ul className={classes.tags} aria-label="Tags of the row">
        {tags.map((text) => (
          <li key={text} className={classes.tag}>
            <CohortLink where={hasTag(text)}>{text}</CohortLink>
            {!exported() && (
              <IconAction
                size="small"
                label={`Take “${text}” away`}
                onClick={() => void tag(text, true)}
              >
                <IconX size={13} />
              </IconAction>
            )}
          </li>
        ))}
      </ul>
      <form onSubmit={submit} hidden={exported() !== null}>
        <Group gap={6} wrap="nowrap">
          <Autocomplete
            size="xs"
            flex={1}
            aria-label="Tag to give the row"
            placeholder="Add a tag"
            data={facts.tags.map((known) => known.name).filter((known) => !tags.includes(known))}
            value={name}
            onChange={setName}
          />
          <ActionIcon
            type="submit"
            variant="default"
            size={30}
            aria-label="Tag the row"
            disabled={name.trim() === ""}
          >
            <IconPlus size={15} />
          </ActionIcon>
        </Group>
      </form>
      <Names
        title="Cohorts that hold it"
        names={cohorts}
        whereOf={(of) => `cohort(${quoted(of)})`}
      />
      <Names title="Slices that hold it" names={slices} whereOf={(of) => of} />
    </Panel>
  );
}

interface NamesProps {
  title: string;
  names: readonly string[];
  whereOf: (name: string) => string;
}

function Names({ title, names, whereOf }: NamesProps) {
  if (names.length === 0) return null;
  return (
    <div className={classes.names}>
      <Text size="xs" className="mp-soft">
        {title}
      </Text>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <CohortLink where={whereOf(name)}>{name}</CohortLink>
          </li>
        ))}
      </ul>
    </div>
  );
}
