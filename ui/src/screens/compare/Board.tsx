/** The board: a row per model, a column per dataset version; what is of other rows is set apart. */
import { Badge, Group, Select, Switch, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { BoardFigure, ModelBoard } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/compare/Board.module.css";
import { Estimate } from "@/shared/Estimate";
import { count, counted, metricName, metricShow } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

interface BoardProps {
  board: ModelBoard;
  isStale: boolean;
}

export function Board({ board, isStale }: BoardProps) {
  const { search, set } = useSearch();
  const several = board.datasets.length > 1;
  return (
    <Panel
      title={`${counted(board.models.length, "model")}: ${metricName(board.metric)}`}
      says="With 95 % intervals. Place 1 is the best of the models on the same rows."
      actions={
        <Group gap="sm" align="flex-end">
          <Select
            size="xs"
            w={190}
            label="Metric"
            allowDeselect={false}
            searchable
            value={board.metric}
            onChange={(metric) => set({ metric: metric ?? undefined })}
            data={[...new Set([board.metric, ...board.metrics])].map((value) => ({
              value,
              label: metricName(value),
            }))}
          />
          {several && board.common > 0 && (
            <Switch
              size="sm"
              mb={4}
              label={`Common rows only (${count(board.common)})`}
              checked={one(search, "common") === "true"}
              onChange={(event) =>
                set({ common: event.currentTarget.checked ? "true" : undefined })
              }
            />
          )}
        </Group>
      }
    >
      {board.notes.map((note) => (
        <Group key={note} gap={8} wrap="nowrap" align="flex-start" mb="sm">
          {!board.is_common && several && (
            <IconAlertTriangle
              size={16}
              color="var(--mp-wrong)"
              aria-hidden
              style={{ flex: "none" }}
            />
          )}
          <Text size="sm">{note}</Text>
        </Group>
      ))}
      <div className={isStale ? "mp-stale" : undefined} aria-busy={isStale}>
        <Scroll label="Table of models">
          <Table
            className={classes.table}
            verticalSpacing={8}
            horizontalSpacing="md"
            fz="sm"
            w="auto"
          >
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Model</Table.Th>
                {board.datasets.map(({ dataset, sentence }, at) => (
                  <Table.Th key={dataset} data-apart={apart(board, at)}>
                    <Link to="/data/$dataset" params={{ dataset }}>
                      {dataset}
                    </Link>
                    <span className={classes.small}>{sentence}</span>
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {board.models.map((model) => (
                <Table.Tr key={model}>
                  <Table.Th scope="row">{model}</Table.Th>
                  {board.datasets.map(({ dataset }, at) => (
                    <Table.Td key={dataset} data-apart={apart(board, at)}>
                      <Figure
                        board={board}
                        of={board.rows.find((r) => r.model === model && r.dataset === dataset)}
                      />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      </div>
    </Panel>
  );
}

/** Whether a column is of other rows than the one before it. */
function apart(board: ModelBoard, at: number): true | undefined {
  return (at > 0 && !board.is_common) || undefined;
}

function Figure({ board, of }: { board: ModelBoard; of: BoardFigure | undefined }) {
  if (!of?.evaluation) return <span className="mp-soft">{of?.why ?? "–"}</span>;
  const [model = "", dataset = ""] = of.evaluation.split("/");
  return (
    <>
      <Link to="/e/$model/$dataset/overview" params={{ model, dataset }}>
        <Estimate {...of} show={metricShow(board.metric)} />
      </Link>
      <span className={classes.small}>
        {of.place === 1 ? (
          <Badge size="xs" variant="light" tt="none">
            best
          </Badge>
        ) : (
          `place ${of.place}`
        )}{" "}
        · {counted(of.n, "row")} ·{" "}
        <Link to="/e/$model/$dataset/compare" params={{ model, dataset }} className={classes.act}>
          compare
        </Link>
      </span>
    </>
  );
}
