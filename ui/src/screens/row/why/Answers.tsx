/** Counterfactuals beside the row as it is: only what changes, how far, how plausible. */
import { Button, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Counterfactual, Counterfactuals, Example } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/row/why/Counterfactuals.module.css";
import { changesFrom, changesText } from "@/screens/row/why/changes";
import { cell, count, counted, number, percent, seconds } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

interface AnswersProps {
  found: Counterfactuals;
  example: Example;
}

export function Answers({ found, example }: AnswersProps) {
  const { rows, queries } = found;
  return (
    <section aria-label="Counterfactuals">
      {rows.length === 0 ? <Nothing found={found} /> : <Grid rows={rows} example={example} />}
      <Text size="xs" className="mp-soft" mt="xs">
        {found.note && `${found.note} `}The model was asked about {counted(queries.rows, "row")} in{" "}
        {count(queries.calls)} calls, {seconds(found.seconds)} in all
        {queries.failed > 0 && `; it failed on ${count(queries.failed)}: ${queries.failure}`}.
      </Text>
    </section>
  );
}

function Nothing({ found }: { found: Counterfactuals }) {
  if (found.skipped > 0) {
    return (
      <div className={classes.none}>
        <p>
          <b>The row is predicted so already.</b>
        </p>
        <Text size="sm">Choose another wanted prediction.</Text>
      </div>
    );
  }
  return (
    <div className={classes.none} data-none>
      <p>
        <b>Nothing that may change gives {found.target}.</b> The model holds to its answer.
      </p>
      <ul>
        <li>Unlock inputs, or let numbers move both ways.</li>
        <li>See under Effects what each input does by itself.</li>
      </ul>
    </div>
  );
}

function Grid({ rows, example }: { rows: readonly Counterfactual[]; example: Example }) {
  const { place } = useHere();
  const { set } = useSearch();
  const columns = [...new Set(rows.flatMap(({ changes }) => changes.map(({ column }) => column)))];
  const first = new Map(rows.flatMap(({ changes }) => changes.map((c) => [c.column, c.before])));
  const tried = ({ changes }: Counterfactual) =>
    set({ why: "what-if", set: changesText(changesFrom(changes)) });
  return (
    <Scroll label="Counterfactuals">
      <Table className={classes.table} fz="sm" verticalSpacing={5} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Input</Table.Th>
            <Table.Th>As it is</Table.Th>
            {rows.map((row) => (
              <Table.Th key={row.answer}>
                <Button
                  size="compact-xs"
                  variant="light"
                  title="Load these values into What if"
                  onClick={() => tried(row)}
                >
                  Try answer {row.answer}
                </Button>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map((column) => (
            <Table.Tr key={column}>
              <Table.Th scope="row">{column}</Table.Th>
              <Table.Td>{cell(first.get(column))}</Table.Td>
              {rows.map((row) => (
                <After key={row.answer} row={row} column={column} />
              ))}
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Th scope="row">Prediction</Table.Th>
            <Table.Td>{cell(example.prediction)}</Table.Td>
            {rows.map(({ answer, prediction, probability }) => (
              <Table.Td key={answer}>
                <b>{typeof prediction === "number" ? number(prediction) : cell(prediction)}</b>{" "}
                {probability !== null && <span className="mp-soft">{percent(probability, 0)}</span>}
              </Table.Td>
            ))}
          </Table.Tr>
        </Table.Tbody>
        <Table.Tbody className={classes.facts}>
          <Fact name="Distance" says="Changes in robust standard deviations; another category is 1">
            {rows.map(({ answer, distance }) => (
              <Table.Td key={answer}>{number(distance)}</Table.Td>
            ))}
          </Fact>
          <Fact
            name="Plausibility"
            says="Share of real rows with that prediction that are at least as unusual"
          >
            {rows.map(({ answer, plausibility }) => (
              <Table.Td key={answer}>{percent(plausibility, 0)}</Table.Td>
            ))}
          </Fact>
          <Fact name="Most like" says="The real row that it is most like">
            {rows.map(({ answer, nearest }) => (
              <Table.Td key={answer}>
                {nearest !== null && (
                  <Link
                    to="/e/$model/$dataset/row/$row"
                    params={{ ...place, row: String(nearest) }}
                    className={classes.link}
                  >
                    row {nearest}
                  </Link>
                )}
              </Table.Td>
            ))}
          </Fact>
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

function After({ row, column }: { row: Counterfactual; column: string }) {
  const change = row.changes.find((item) => item.column === column);
  return (
    <Table.Td data-changed={change !== undefined || undefined}>
      {change ? cell(change.after) : <span className={classes.same}>same</span>}
    </Table.Td>
  );
}

interface FactProps {
  name: string;
  says: string;
  children: React.ReactNode;
}

function Fact({ name, says, children }: FactProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" title={says}>
        {name}
      </Table.Th>
      <Table.Td />
      {children}
    </Table.Tr>
  );
}
