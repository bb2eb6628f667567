/** The cohorts that were asked for, the regressed first. */
import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { MetricChange, ModelPair } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { Changes } from "@/screens/compare/Changes";
import { CohortLink } from "@/shared/CohortLink";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 12;
const OFFERED = 6;

export function Cohorts({ pair, by }: { pair: ModelPair; by: readonly string[] }) {
  const [isWhole, setWhole] = useState(false);
  if (by.length === 0) return <Offers />;
  const { cohorts } = pair;
  const worse = cohorts.filter(({ word }) => word === "worse").length;
  return (
    <Panel
      title={`By ${by.join(", ")}`}
      says={`${worse === 0 ? "None" : worse} of ${cohorts.length} surely worse; p-values are corrected for all of them. The regressed stand first.`}
    >
      <Changes
        pair={pair}
        rows={isWhole ? cohorts : cohorts.slice(0, SHOWN)}
        title="Cohort"
        nameOf={(row) => <Named row={row} />}
        label="Table of cohorts"
      />
      <MoreButton
        n={cohorts.length}
        shown={SHOWN}
        things="cohorts"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}

function Named({ row }: { row: MetricChange }) {
  return <CohortLink where={row.cohort}>{row.cohort}</CohortLink>;
}

/** Columns to compare by, where none is chosen. */
function Offers() {
  const { facts } = useHere();
  const { set } = useSearch();
  const names = [
    ...new Set([
      ...(facts.classes.length > 0 && facts.classes.length <= 20 ? ["label"] : []),
      ...facts.columns
        .filter(({ view, role }) => view === "values" && role === "input")
        .map(({ name }) => name),
    ]),
  ].slice(0, OFFERED);
  if (names.length === 0) return null;
  return (
    <Panel title="By cohort" says="Compare the models for each value of a column:">
      <Group gap="xs">
        {names.map((name) => (
          <Button key={name} size="xs" variant="default" onClick={() => set({ by: name })}>
            by {name}
          </Button>
        ))}
        <Text size="xs" className="mp-soft">
          or any others, above
        </Text>
      </Group>
    </Panel>
  );
}
