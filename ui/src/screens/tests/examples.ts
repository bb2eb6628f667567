/** Suites to begin with, about columns that there are. */
import type { Facts } from "@/api/types";

interface Example {
  title: string;
  text: string;
}

export function examplesFor(facts: Facts): Example[] {
  const isClasses = facts.classes.length > 0;
  const good = isClasses ? ["metric: accuracy", "min: 0.8"] : ["metric: mae", "max: 1"];
  const found = [
    { title: "Good enough", text: suite("good enough", "metric", good) },
    { title: "Groups served alike", text: suite("groups served alike", "gap", gapOf(facts, good)) },
    {
      title: "As sure as it is right",
      text: suite("as sure as it is right", "calibration", ["max: 0.1"]),
    },
  ];
  const hasGroups = groupOf(facts) !== undefined;
  return found.filter((_, place) => place === 0 || (place === 1 ? hasGroups : isClasses));
}

function gapOf(facts: Facts, [metric = ""]: readonly string[]): string[] {
  return [metric, `by: ${JSON.stringify(groupOf(facts) ?? "")}`, "max: 0.1"];
}

function groupOf(facts: Facts): string | undefined {
  return facts.columns.find(({ type, is_reserved }) => type === "categorical" && !is_reserved)
    ?.name;
}

function suite(name: string, kind: string, options: readonly string[]): string {
  const lines = [`name: ${name}`, `kind: ${kind}`, ...options];
  const [first, ...rest] = lines;
  return [`suite: first-checks`, "checks:", `  - ${first}`, ...rest.map((line) => `    ${line}`)]
    .join("\n")
    .concat("\n");
}
