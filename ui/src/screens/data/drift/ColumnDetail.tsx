/** One column on both sides: its sentence, the two distributions over each other, what to do. */
import { Group, Text } from "@mantine/core";
import type { Drift, DriftRow } from "@/api/types";
import classes from "@/screens/data/drift/Drift.module.css";
import { Overlaid } from "@/screens/data/drift/Overlaid";
import { RowsOf } from "@/screens/data/drift/RowsOf";
import { count, percent, short } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function ColumnDetail({ found, row }: { found: Drift; row: DriftRow }) {
  const distribution = found.distributions.find(({ column }) => column === row.column);
  return (
    <Panel title={row.column} className={classes.detail ?? ""}>
      <Text size="sm" className="mp-sentence" mb="sm">
        {row.sentence}
      </Text>
      {distribution && <Overlaid distribution={distribution} found={found} />}
      <Group gap="xs" mt="sm">
        <RowsOf found={found} where={row.where} />
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
