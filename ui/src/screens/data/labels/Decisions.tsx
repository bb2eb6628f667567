/** What people decided of labels, and a new version of the data made of it, by a button. */
import { Button, Group, Modal, Stack, Table, Text } from "@mantine/core";
import { IconGitBranch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { datasetPath, evaluationPath, send } from "@/api/client";
import { forgetDataset, queryClient, useDataset } from "@/api/queries";
import type { DatasetMade, LabelDecision, LabelDecisions } from "@/api/types";
import { Failure } from "@/app/states";
import { useData } from "@/screens/data/dataHere";
import classes from "@/screens/data/labels/Labels.module.css";
import { usePlace } from "@/screens/data/labels/place";
import { CohortLink } from "@/shared/CohortLink";
import { cell, count, when } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";
import { toast } from "@/shared/toast";

const SHOWN = 10;
const SAID: Record<string, string> = {
  keep: "keep",
  unsure: "unsure",
  conflict: "people disagree",
};

export function Decisions() {
  const { ref } = useData();
  const found = useDataset<LabelDecisions>(ref, "label-decisions");
  const [isAsking, setAsking] = useState(false);
  const decisions = found.data;
  if (!decisions || decisions.rows.length === 0) {
    return found.isError ? <Failure error={found.error} /> : null;
  }
  return (
    <Panel
      title="Decisions"
      says={decisions.sentence}
      actions={
        <Button
          size="xs"
          leftSection={<IconGitBranch size={14} />}
          disabled={decisions.relabelled === 0}
          title={decisions.relabelled === 0 ? "No row is to be relabelled yet." : undefined}
          onClick={() => setAsking(true)}
        >
          Make a new version …
        </Button>
      }
    >
      <Rows rows={decisions.rows} />
      {isAsking && <Confirm decisions={decisions} close={() => setAsking(false)} />}
    </Panel>
  );
}

function Rows({ rows }: { rows: readonly LabelDecision[] }) {
  const [isWhole, setWhole] = useState(false);
  const newest = [...rows].sort((a, b) => b.when.localeCompare(a.when));
  return (
    <>
      <Scroll label="Table of decisions">
        <Table verticalSpacing={5} horizontalSpacing="sm" fz="sm" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Row</Table.Th>
              <Table.Th>Label</Table.Th>
              <Table.Th>Decided</Table.Th>
              <Table.Th>By</Table.Th>
              <Table.Th>When</Table.Th>
              <Table.Th>Why</Table.Th>
              <Table.Th aria-label="Take back" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(isWhole ? newest.slice(0, MOST) : newest.slice(0, SHOWN)).map((row) => (
              <Line key={row.row} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <MoreButton
        n={newest.length}
        shown={SHOWN}
        things="decisions"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </>
  );
}

const MOST = 1_000;

function Line({ row }: { row: LabelDecision }) {
  const { place } = usePlace();

  async function undo() {
    const path = evaluationPath(place.model, place.dataset, "label-decisions");
    try {
      const body = { rows: [row.row], decision: "undo", who: row.who };
      await send<LabelDecisions>("POST", path, { body });
      await forgetDataset(place.dataset);
      await queryClient.invalidateQueries({
        queryKey: ["evaluation", place.model, place.dataset, "label-queue"],
      });
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "It stays.", isFault: true });
    }
  }

  return (
    <Table.Tr>
      <Table.Th scope="row">
        <CohortLink where={row.where}>{cell(row.id ?? row.row)}</CohortLink>
      </Table.Th>
      <Table.Td>{cell(row.given)}</Table.Td>
      <Table.Td>
        {row.decision === "relabel" ? (
          <b>{cell(row.label)}</b>
        ) : (
          (SAID[row.decision] ?? row.decision)
        )}
      </Table.Td>
      <Table.Td>
        {row.who}
        {row.people > 1 && <span className="mp-soft"> and {row.people - 1} more</span>}
      </Table.Td>
      <Table.Td>{when(row.when)}</Table.Td>
      <Table.Td className={classes.why}>{row.note || "–"}</Table.Td>
      <Table.Td ta="right">
        <Button size="compact-xs" variant="subtle" onClick={() => void undo()}>
          Take back
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

/** Says what is made of what before it is made. */
function Confirm({ decisions, close }: { decisions: LabelDecisions; close: () => void }) {
  const { ref } = useData();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const { relabelled, kept, unsure, conflicts, version } = decisions;

  async function make() {
    setBusy(true);
    setError(null);
    try {
      const path = datasetPath(ref, "relabelled");
      const { value } = await send<DatasetMade>("POST", path, { body: { decisions: version } });
      await queryClient.invalidateQueries({ queryKey: ["workspace"] });
      await forgetDataset(ref);
      close();
      toast({
        text: `${value.ref} is ${ref} with ${count(value.relabelled)} other labels.`,
        action: {
          label: "Open it",
          run: () => void navigate({ to: "/data/$dataset", params: { dataset: value.ref } }),
        },
      });
    } catch (fault) {
      setError(fault);
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={close} title="A new version of the data">
      <Stack gap="sm">
        <Text size="sm">
          {count(relabelled)} {relabelled === 1 ? "row gets" : "rows get"} the label that people
          chose. All else is as in {ref}, which stays; the new version names these decisions (
          {version}).
        </Text>
        {kept + unsure + conflicts > 0 && (
          <Text size="sm" className="mp-soft">
            {count(kept)} kept, {count(unsure)} unsure and {count(conflicts)} disputed rows stay as
            they are.
          </Text>
        )}
        <Text size="sm" className="mp-soft">
          Predictions are of the old version: evaluate your models on the new one to see their
          metrics.
        </Text>
        {error !== null && <Failure error={error} />}
        <Group justify="flex-end">
          <Button size="xs" variant="default" onClick={close}>
            Cancel
          </Button>
          <Button size="xs" loading={isBusy} onClick={() => void make()}>
            Make the version
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
