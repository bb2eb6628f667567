/** Give a tag to rows, or take it from them. */
import { Autocomplete, Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { forgetEvaluation } from "@/api/queries";
import type { Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure } from "@/app/states";
import type { Marks } from "@/screens/explore/table/useMarks";
import { count, counted } from "@/shared/format";
import { change, type Scope, tagRows } from "@/shared/tagging";
import { toast } from "@/shared/toast";

interface TaggingProps {
  exploration: Exploration;
  marks: Marks;
  isOpen: boolean;
  onClose: () => void;
}

export function Tagging({ isOpen, onClose, ...of }: TaggingProps) {
  if (!isOpen) return null;
  return (
    <Modal opened onClose={onClose} title="Tag rows">
      <TagForm {...of} onClose={onClose} />
    </Modal>
  );
}

function TagForm({ exploration, marks, onClose }: Omit<TaggingProps, "isOpen">) {
  const { place, facts } = useHere();
  const [name, setName] = useState("");
  const [which, setWhich] = useState(marks.rows.size > 0 ? "marked" : "cohort");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const tag = name.trim();
  const isKnown = facts.tags.some((known) => known.name === tag);

  async function save(isRemoved: boolean) {
    const scope: Scope =
      which === "marked" ? { rows: [...marks.rows] } : { where: exploration.where };
    setBusy(true);
    setError(null);
    try {
      const { state, changed } = await tagRows(place, tag, scope, isRemoved, isKnown);
      const undo = async () => {
        if (changed) await change(place, tag, changed, !isRemoved);
        await forgetEvaluation(place);
      };
      const done = isRemoved ? "Taken from the rows" : "Tagged";
      toast({
        text: `${done}: “${tag}” is on ${counted(state.n, "row")} now.`,
        ...(changed ? { action: { label: "Undo", run: () => void undo() } } : {}),
      });
      onClose();
      await forgetEvaluation(place);
    } catch (fault) {
      setError(fault);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save(false);
      }}
    >
      <Stack gap="sm">
        <Radio.Group label="Which rows" value={which} onChange={setWhich}>
          <Stack gap={6} mt={6}>
            {marks.rows.size > 0 && (
              <Radio value="marked" label={`The ${count(marks.rows.size)} marked rows`} />
            )}
            <Radio
              value="cohort"
              label={`All ${counted(exploration.n, "row")}${exploration.where ? " of the cohort" : ""}`}
            />
          </Stack>
        </Radio.Group>
        <Autocomplete
          label="Tag"
          placeholder="reviewed"
          data={facts.tags.map((known) => known.name)}
          value={name}
          onChange={setName}
          required
          data-autofocus
        />
        <Text size="xs" className="mp-soft">
          A tag is a cohort like any other: tag('{tag || "name"}') finds its rows.
        </Text>
        {error !== null && <Failure error={error} />}
        <Group justify="space-between">
          <Button
            variant="subtle"
            color="gray"
            disabled={!isKnown || isBusy}
            onClick={() => void save(true)}
          >
            Take the tag away
          </Button>
          <Button type="submit" loading={isBusy} disabled={tag === ""}>
            Tag
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
