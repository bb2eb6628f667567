/** Rows, or made-up inputs, on which the expectation does not hold. */
import { Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { FailingRow, Verdict } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/tests/Tests.module.css";
import { cell, count } from "@/shared/format";

export function Failing({ verdict }: { verdict: Verdict }) {
  return (
    <section aria-label="Failing rows">
      <Title order={3} fz="sm" mb={4}>
        Where it does not hold: {count(verdict.failing)}
      </Title>
      <ul className={classes.examples}>
        {verdict.examples.map((example, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: made-up inputs have no identity
          <li key={place}>
            <Example example={example} />
          </li>
        ))}
      </ul>
      {verdict.failing > verdict.examples.length && (
        <Text size="xs" className="mp-soft">
          {verdict.examples.length} of {count(verdict.failing)} are kept with the run.
        </Text>
      )}
    </section>
  );
}

function Example({ example }: { example: FailingRow }) {
  const { place } = useHere();
  const { row, label, before, prediction, changes, inputs, note } = example;
  return (
    <>
      {row !== null && (
        <Link to="/e/$model/$dataset/row/$row" params={{ ...place, row: String(row) }}>
          Row {count(row)}
        </Link>
      )}{" "}
      {changes.map((change) => (
        <span key={change.column}>
          <b>{change.column}</b> <del>{cell(change.before)}</del> → <ins>
            {cell(change.after)}
          </ins>{" "}
        </span>
      ))}
      {inputs.map((input) => {
        const [name, value] = input as [string, unknown];
        return <span key={name}>{`${name}: ${cell(value)} `}</span>;
      })}
      <Text size="xs" className="mp-soft">
        {[
          label === null ? "" : `label ${cell(label)}`,
          before === null
            ? `predicted ${cell(prediction)}`
            : `predicted ${cell(before)} before, ${cell(prediction)} after`,
          note,
        ]
          .filter(Boolean)
          .join("; ")}
      </Text>
    </>
  );
}
