/** More than two models: each against the first; one is looked at closer below. */
import { Table, UnstyledButton } from "@mantine/core";
import type { ComparedModel, Comparison, ModelPair } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/compare/Compare.module.css";
import { Difference, mostOf } from "@/screens/compare/Difference";
import { namedIn } from "@/screens/compare/useCompare";
import { Word } from "@/screens/compare/Word";
import { Estimate } from "@/shared/Estimate";
import { count, metricName, metricShow } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { Scroll } from "@/shared/Scroll";

interface ModelsProps {
  found: Comparison;
  chosen: ModelPair | undefined;
  choose: (pair: ModelPair) => void;
}

export function Models({ found, chosen, choose }: ModelsProps) {
  const { facts } = useHere();
  const { set } = useSearch();
  const show = metricShow(found.metric);
  const changes = found.pairs.map((pair) =>
    pair.metrics.find((row) => row.metric === found.metric),
  );
  const most = mostOf(changes.flatMap((row) => row ?? []));
  return (
    <Panel
      title="The models"
      says={`All against ${found.models[0]?.model}; one of them is looked at closer below. Any other can be what they are held against.`}
    >
      <Scroll label="Table of models">
        <Table className={classes.table} verticalSpacing={6} horizontalSpacing="sm" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Model</Table.Th>
              <Table.Th>{metricName(found.metric)}</Table.Th>
              <Table.Th title="With its 95 % interval">Difference</Table.Th>
              <Table.Th>Verdict</Table.Th>
              <Table.Th className={classes.figure}>Fixed</Table.Th>
              <Table.Th className={classes.figure}>Broken</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.models.map((model, at) => {
              const figure = model.figures.find(({ metric }) => metric === found.metric);
              const pair = found.pairs[at - 1];
              const change = changes[at - 1];
              return (
                <Table.Tr
                  key={model.evaluation}
                  data-open={(pair && pair === chosen) || undefined}
                  className={classes.line}
                >
                  <Table.Th scope="row">
                    {pair ? (
                      <>
                        <UnstyledButton
                          fz="sm"
                          fw={600}
                          className={classes.open}
                          aria-pressed={pair === chosen}
                          onClick={() => choose(pair)}
                        >
                          {model.model}
                        </UnstyledButton>
                        <UnstyledButton
                          fz="xs"
                          className={classes.hold}
                          aria-label={`Hold all against ${model.model}`}
                          onClick={() =>
                            set({ baseline: namedIn(facts.dataset, of(model)), pair: undefined })
                          }
                        >
                          Hold all against it
                        </UnstyledButton>
                      </>
                    ) : (
                      model.model
                    )}
                  </Table.Th>
                  <Table.Td>{figure && <Estimate {...figure} show={show} />}</Table.Td>
                  <Table.Td>
                    {change ? (
                      <Difference row={change} most={most} show={show} />
                    ) : (
                      <span className="mp-soft">what the others are held against</span>
                    )}
                  </Table.Td>
                  <Table.Td>{pair && <Word word={pair.word} />}</Table.Td>
                  <Table.Td className={classes.figure}>{changed(change?.fixed)}</Table.Td>
                  <Table.Td className={classes.figure}>{changed(change?.broken)}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Panel>
  );
}

/** The model's evaluation as the address names it. */
function of({ model, evaluation }: ComparedModel) {
  return { model, ref: evaluation, dataset: evaluation.split("/")[1] ?? "" };
}

/** Rows; none are counted where rows are not right or wrong. */
function changed(n: number | undefined): string {
  return n === undefined || n < 0 ? "–" : count(n);
}
