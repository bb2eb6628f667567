/** Rows that show the problem, rows of its cohort that are right, and patterns of either. */
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ProblemExample, ProblemPattern, ProblemRecord } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Part } from "@/screens/problems/ProblemDetail";
import classes from "@/screens/problems/Problems.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { cell, count, counted, percent } from "@/shared/format";

const SHOWN = 4; // values of a row

export function Examples({ record }: { record: ProblemRecord }) {
  const { patterns, examples } = record;
  if (patterns.length + examples.length === 0) return null;
  return (
    <Part title="Examples">
      <ul className={classes.list}>
        {patterns.map((pattern) => (
          <li key={`${pattern.is_positive} ${pattern.text}`}>
            <PatternLine pattern={pattern} />
          </li>
        ))}
        {examples.map((example) => (
          <li key={example.row}>
            <Example example={example} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function PatternLine({ pattern }: { pattern: ProblemPattern }) {
  const kind = pattern.is_positive ? "shows it" : "is no case of it";
  return (
    <>
      {pattern.where ? (
        <CohortLink where={pattern.where}>{pattern.text}</CohortLink>
      ) : (
        <span>{pattern.text}</span>
      )}{" "}
      <span className="mp-soft">
        {kind}
        {pattern.where && `; ${counted(pattern.n, "row")}, ${percent(pattern.value)} wrong`}
      </span>
    </>
  );
}

function Example({ example }: { example: ProblemExample }) {
  const { place } = useHere();
  const values = Object.entries(example.values as Record<string, unknown>).slice(0, SHOWN);
  return (
    <>
      <Link to="/e/$model/$dataset/row/$row" params={{ ...place, row: String(example.row) }}>
        Row {count(example.row)}
      </Link>{" "}
      <span className={example.is_positive ? "mp-wrong" : "mp-right"}>
        {example.is_positive ? "wrong" : "right"}
      </span>
      {example.prediction !== null &&
        `: predicted ${cell(example.prediction)}, label ${cell(example.label)}`}
      <Text size="xs" className="mp-soft">
        {values.map(([name, value]) => `${name} ${cell(value)}`).join(" · ")}
      </Text>
    </>
  );
}
