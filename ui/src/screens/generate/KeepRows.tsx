/** What is generated is kept: as a check, as a file, or as a dataset of the workspace. */
import { Button, Group, Menu, Modal, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { IconChecklist, IconDatabasePlus, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { download, evaluationPath, send } from "@/api/client";
import { queryClient } from "@/api/queries";
import type { GeneratedDataset } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure } from "@/app/states";
import type { Change } from "@/screens/generate/change";
import { GeneratedCheck } from "@/screens/generate/GeneratedCheck";
import type { Synthetic } from "@/screens/generate/Synthetic";
import type { TemplateDraft } from "@/screens/generate/template";
import { toast } from "@/shared/toast";

export type Generated = { change: Change } | { template: TemplateDraft } | { synthetic: Synthetic };

interface KeepRowsProps {
  what: Generated;
  canCheck: boolean;
  n: number; // rows that one would want
}

export function KeepRows({ what, canCheck, n }: KeepRowsProps) {
  const { place, facts } = useHere();
  const [open, setOpen] = useState<"check" | "dataset">();
  const [isBusy, setBusy] = useState(false);

  async function save(format: string) {
    setBusy(true);
    try {
      const path = evaluationPath(place.model, place.dataset, "generated/file");
      await download(path, { ...what, n, format });
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "Not saved.", isFault: true });
    }
    setBusy(false);
  }

  return (
    <Group gap="xs">
      {facts.can_call_model && !("synthetic" in what) && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconChecklist size={14} />}
          disabled={!canCheck}
          title={canCheck ? undefined : WHY_NOT}
          onClick={() => setOpen("check")}
        >
          Make a check
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            loading={isBusy}
            leftSection={<IconDownload size={14} />}
          >
            Export as dataset
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void save("csv")}>Download CSV</Menu.Item>
          <Menu.Item onClick={() => void save("parquet")}>Download Parquet</Menu.Item>
          <Menu.Item
            leftSection={<IconDatabasePlus size={14} />}
            onClick={() => setOpen("dataset")}
          >
            Add to the workspace
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === "check" && <GeneratedCheck what={what} close={() => setOpen(undefined)} />}
      {open === "dataset" && <AddDataset what={what} n={n} close={() => setOpen(undefined)} />}
    </Group>
  );
}

interface AddDatasetProps {
  what: Generated;
  n: number;
  close: () => void;
}

function AddDataset({ what, n: usual, close }: AddDatasetProps) {
  const { place, facts } = useHere();
  const [dataset = "data"] = facts.dataset.split("@");
  const [name, setName] = useState(`${dataset}-${nameOf(what)}`);
  const [n, setN] = useState<number | string>(usual);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function add() {
    setBusy(true);
    setError(null);
    try {
      const path = evaluationPath(place.model, place.dataset, "generated");
      const body = { ...what, n: Number(n), name: name.trim() };
      const { value } = await send<GeneratedDataset>("POST", path, { body });
      void queryClient.invalidateQueries({ queryKey: ["workspace"] });
      toast({ text: value.sentence });
      close();
    } catch (fault) {
      setError(fault);
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={close} title={<b>Add to the workspace</b>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            The rows become a dataset, with their right answers where these are known. The model can
            then be evaluated on it like on any other.
          </Text>
          <TextInput
            label="Name"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NumberInput
            label={isVaried(what) ? "Sets of rows" : "Rows, at most"}
            min={1}
            max={100_000}
            allowDecimal={false}
            value={n}
            onChange={setN}
          />
          {error !== null && <Failure error={error} />}
          <Group>
            <Button type="submit" loading={isBusy} disabled={name.trim() === "" || !Number(n)}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const WHY_NOT = "A check is of sentences, and something is expected of them";

function nameOf(what: Generated): string {
  if ("template" in what) return "template";
  if ("synthetic" in what) return "made-up";
  return what.change.names.join("-").replaceAll("_", "-").slice(0, 40);
}

function isVaried(what: Generated): boolean {
  return "template" in what && what.template.vary !== null;
}
