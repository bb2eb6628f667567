/** A suite for this evaluation: run it, filter its checks, open one. */
import { Button, Chip, Group, Select, Text } from "@mantine/core";
import { IconPencil, IconPlayerPlay, IconPlus } from "@tabler/icons-react";
import { exported } from "@/api/exported";
import { useWorkspace } from "@/api/queries";
import type { Board, BoardRow } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { BoardTable } from "@/screens/tests/BoardTable";
import { CheckDetail } from "@/screens/tests/CheckDetail";
import { useBoard, useRun } from "@/screens/tests/suites";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

export function BoardPanel({ suite }: { suite: string }) {
  const { search, set } = useSearch();
  const found = useBoard(suite);
  const { job, error, run: runAgainst, isBusy } = useRun(suite);
  const baseline = one(search, "against");
  const run = (select?: readonly string[]) => runAgainst(select, baseline);
  const board = found.data?.suite === suite ? found.data : undefined;
  const open = board?.rows.find(({ check }) => check === one(search, "check"));
  const title = board?.is_passed ? `${suite} passed` : suite;
  return (
    <Panel
      title={title}
      says={board && says(board)}
      actions={
        board?.text &&
        !exported() && (
          <Group gap="xs" align="flex-end">
            <Against value={baseline} />
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() => set({ do: "add" })}
            >
              Add a check
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={14} />}
              onClick={() => set({ do: "edit" })}
            >
              Edit YAML
            </Button>
            <Button
              size="xs"
              leftSection={<IconPlayerPlay size={14} />}
              disabled={isBusy}
              onClick={() => void run()}
            >
              Run suite
            </Button>
          </Group>
        )
      }
    >
      {found.isPending && <Loading label="Reading the suite" />}
      {found.isError && !board && (
        <Failure error={found.error} retry={() => void found.refetch()} />
      )}
      {error !== null && <Failure error={error} />}
      {job && <JobProgress job={job} retry={() => void run()} />}
      {board && (
        <>
          <Filters board={board} />
          <Shown board={board} />
        </>
      )}
      {board && open && (
        <CheckDetail
          suite={suite}
          row={open}
          isOnly={board.rows.length === 1}
          isBusy={isBusy}
          run={run}
          renamed={(check) => set({ check }, { replace: true })}
          close={() => set({ check: undefined })}
        />
      )}
    </Panel>
  );
}

/** The model that checks of kind regression compare with; the suite's own without a choice. */
function Against({ value }: { value: string | undefined }) {
  const { facts } = useHere();
  const { set } = useSearch();
  const workspace = useWorkspace();
  const models = (workspace.data?.evaluations ?? [])
    .filter(({ dataset, model }) => dataset === facts.dataset && model !== facts.model)
    .map(({ model }) => model);
  if (models.length === 0) return null;
  return (
    <Select
      size="xs"
      w={220}
      aria-label="Compare with"
      title="The model that checks of what got worse compare with"
      placeholder="Compare as the suite says"
      clearable
      clearButtonProps={{ "aria-label": "Compare as the suite says" }}
      data={models}
      value={value ?? null}
      onChange={(against) => set({ against: against ?? undefined }, { replace: true })}
    />
  );
}

function says(board: Board): string {
  const changed = board.is_changed ? " The suite was changed since its last run here." : "";
  const kept = board.text ? "" : " It ran before texts of suites were kept; run it from its file.";
  return `${board.summary}${changed}${kept}`;
}

function Filters({ board }: { board: Board }) {
  const { search, set } = useSearch();
  const words = Object.entries(board.counts).filter(([, n]) => n > 0);
  const tags = [...new Set(board.rows.flatMap((row) => row.tags))].slice(0, MOST_TAGS);
  if (words.length + tags.length < 2) return null;
  return (
    <Group gap={6} my="xs" role="group" aria-label="Show only">
      {words.map(([word, n]) => (
        <Chip
          key={word}
          size="xs"
          checked={one(search, "verdict") === word}
          onChange={(on) => set({ verdict: on ? word : undefined })}
        >
          {`${word} ${n}`}
        </Chip>
      ))}
      {tags.map((tag) => (
        <Chip
          key={tag}
          size="xs"
          variant="outline"
          checked={one(search, "tag") === tag}
          onChange={(on) => set({ tag: on ? tag : undefined })}
        >
          {tag}
        </Chip>
      ))}
    </Group>
  );
}

const MOST_TAGS = 20;

function Shown({ board }: { board: Board }) {
  const { search, set } = useSearch();
  const word = one(search, "verdict");
  const tag = one(search, "tag");
  const isShown = (row: BoardRow) =>
    (!word || (row.verdict?.verdict ?? "not run") === word) && (!tag || row.tags.includes(tag));
  const rows = board.rows.filter(isShown);
  if (rows.length === 0) {
    return (
      <Group gap="xs">
        <Text size="sm">No check is like that.</Text>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => set({ verdict: undefined, tag: undefined })}
        >
          Show all
        </Button>
      </Group>
    );
  }
  return <BoardTable rows={rows} open={(check) => set({ check })} />;
}
