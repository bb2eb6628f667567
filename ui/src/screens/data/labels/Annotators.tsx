/** What several people said of the rows: how far they agree, how good each is, where they do not. */
import { Alert, MultiSelect, SegmentedControl, Stack, Text } from "@mantine/core";
import { useDatasetWork } from "@/api/queries";
import type { Consensus } from "@/api/types";
import { many, one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { useData } from "@/screens/data/dataHere";
import { type IntervalLine, Intervals } from "@/screens/data/Intervals";
import { FindingActions } from "@/screens/data/inspect/FindingActions";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { Conflicts } from "@/screens/data/labels/Conflicts";
import classes from "@/screens/data/labels/Labels.module.css";
import { People } from "@/screens/data/labels/People";
import { useLatest } from "@/screens/data/useLatest";
import { counted, short } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function Annotators() {
  const { annotators, task } = useData();
  const { search } = useSearch();
  const chosen = many(search, "annotators") ?? [];
  if (task && task.kind !== "binary" && task.kind !== "multiclass") return null;
  const isThere = annotators.length > 1 || chosen.length > 1;
  return isThere ? <Asked chosen={chosen} /> : <None chosen={chosen} />;
}

/** Nobody else's labels: one sentence, and a way to say which columns hold some. */
function None({ chosen }: { chosen: readonly string[] }) {
  const { ref } = useData();
  return (
    <Panel
      title="Annotators"
      says={`No columns of ${ref} are known to hold several people's labels or counts of their votes, so there is no agreement to measure.`}
    >
      <Chooser chosen={chosen} />
    </Panel>
  );
}

function Chooser({ chosen }: { chosen: readonly string[] }) {
  const { columns, label } = useData();
  const { set } = useSearch();
  const names = columns
    .filter(({ name, type }) => name !== label && (type === "categorical" || type === "boolean"))
    .map(({ name }) => name);
  return (
    <MultiSelect
      size="xs"
      maw={420}
      label="Columns with one person's labels each"
      placeholder={chosen.length === 0 ? "two or more" : undefined}
      searchable
      hidePickedOptions
      data={[...new Set([...names, ...chosen])]}
      value={[...chosen]}
      onChange={(value) => set({ annotators: value.length > 0 ? value : undefined })}
    />
  );
}

function Asked({ chosen }: { chosen: readonly string[] }) {
  const { ref } = useData();
  const { search, set } = useSearch();
  const method = one(search, "votes") === "majority" ? "majority" : "dawid_skene";
  const params = { annotators: chosen.length > 1 ? chosen : undefined, method };
  const work = useDatasetWork<Consensus>(ref, "consensus", params, { keepsBefore: true });
  const { found } = useLatest(work);
  if (!found) return <Waiting title="Weighing what people said" work={work} />;
  return (
    <Panel
      title="What annotators agree on"
      says={found.sentence}
      actions={
        <SegmentedControl
          size="xs"
          aria-label="How votes count"
          value={method}
          onChange={(value) =>
            set({ votes: value === "majority" ? value : undefined }, { replace: true })
          }
          data={[
            { value: "dawid_skene", label: "People weighed" },
            { value: "majority", label: "Votes counted" },
          ]}
        />
      }
    >
      <Stack gap="md">
        {found.warnings.map((warning) => (
          <Alert key={warning} variant="light" color="yellow" py={8} title="Caution">
            {warning}
          </Alert>
        ))}
        <Agreement found={found} />
        {found.annotators.length > 0 && <People found={found} />}
        <Conflicts found={found} />
        {found.where && found.disagreed > 0 && (
          <FindingActions
            where={found.where}
            kind="annotators"
            title="Rows on which annotators disagree"
            sentence={found.sentence}
          />
        )}
        {chosen.length > 0 && <Chooser chosen={chosen} />}
      </Stack>
    </Panel>
  );
}

const MEASURES: Record<string, string> = {
  krippendorff_alpha: "Krippendorff's alpha",
  fleiss_kappa: "Fleiss' kappa",
  cohen_kappa: "Cohen's kappa",
};

function Agreement({ found }: { found: Consensus }) {
  if (found.agreement.length === 0) return null;
  const lines: IntervalLine[] = found.agreement.map((row) => ({
    name: `${MEASURES[row.measure] ?? row.measure}: ${row.between}, ${counted(row.n, "row")}`,
    value: row.value,
    low: row.low,
    high: row.high,
  }));
  const least = Math.min(0, ...found.agreement.map(({ low }) => low ?? 0));
  return (
    <div>
      <h3 className={classes.metric}>Agreement beyond chance</h3>
      <Intervals lines={lines} show={short} start={least} />
      <Text size="xs" className="mp-soft" mt={4}>
        0 is what chance would give, 1 is always the same; with 95 % intervals.
      </Text>
    </div>
  );
}
