/** One column on both sides: its sentence, the two distributions over each other, what to do. */
import { Group, Text } from "@mantine/core";
import type { Drift, DriftRow } from "@/api/types";
import { useMaybeHere } from "@/app/EvaluationFrame";
import classes from "@/screens/data/drift/Drift.module.css";
import { Overlaid } from "@/screens/data/drift/Overlaid";
import { RowsOf } from "@/screens/data/drift/RowsOf";
import { KeepCheck } from "@/screens/data/KeepCheck";
import { count, percent, short } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function ColumnDetail({ found, row }: { found: Drift; row: DriftRow }) {
  const distribution = found.distributions.find(({ column }) => column === row.column);
  const here = useMaybeHere();
  const isData = !["prediction", "confidence", "all"].includes(row.role);
  const canCheck = isData && here?.facts.ref.endsWith(found.source.of);
  return (
    <Panel title={row.column} className={classes.detail ?? ""}>
      <Text size="sm" className="mp-sentence" mb="sm">
        {row.sentence}
      </Text>
      {distribution && <Overlaid distribution={distribution} found={found} />}
      <Group gap="xs" mt="sm">
        <RowsOf found={found} where={row.where} sentence={row.sentence} />
        {canCheck && (
          <KeepCheck
            endpoint="drift-checks"
            body={{
              columns: [row.column],
              reference: found.reference.of,
              bound: found.bound,
              where: found.source.where || null,
              reference_where: found.reference.where || null,
            }}
            says={`${row.column} does not drift from ${found.reference.of}`}
          />
        )}
      </Group>
      <dl className={classes.facts}>
        <dt>Rows</dt>
        <dd>
          {count(row.reference_n)} before, {count(row.current_n)} now
        </dd>
        <dt>Missing</dt>
        <dd>
          {percent(row.reference_missing)} before, {percent(row.current_missing)} now
        </dd>
        {row.larger !== null && (
          <>
            <dt>A value of now is larger</dt>
            <dd>{percent(row.larger)} of the time</dd>
          </>
        )}
        {row.psi !== null && (
          <>
            <dt>Population stability index</dt>
            <dd>{short(row.psi)}</dd>
          </>
        )}
        <dt>Method</dt>
        <dd>
          {row.method === "classifier"
            ? "AUC of a classifier on rows that it was not fitted on"
            : "Hellinger distance, noise taken off"}
        </dd>
      </dl>
    </Panel>
  );
}
