/** What any model should do: tests with a verdict in words, and what each input is worth. */
import { Button, Group, Select, Text } from "@mantine/core";
import { useWork, useWorkspace } from "@/api/queries";
import type { Sanity, SanityRow } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/data/doubt/Doubt.module.css";
import { KeepFound } from "@/screens/data/doubt/KeepFound";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { usePlace } from "@/screens/data/labels/place";
import { useLatest } from "@/screens/data/useLatest";
import { VerdictWord } from "@/screens/tests/VerdictWord";
import { DivergingBars } from "@/shared/DivergingBars";
import { percent } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

const ALONE = ["beats_constant", "train_gap"]; // which ask the model nothing

const TITLES: Record<string, string> = {
  beats_constant: "It beats a constant answer",
  train_gap: "It is not much better on the rows it learned from",
  input_ablation: "It does not hang on one input",
  overfits_batch: "It can learn a few rows by heart",
  label_shuffle: "It learns nothing from shuffled labels",
};

export function SanityTests() {
  const { place, facts } = usePlace();
  const { search, set } = useSearch();
  const isWhole = one(search, "sanity") === "all";
  const train = one(search, "train");
  const params = { train, tests: isWhole ? undefined : ALONE };
  const work = useWork<Sanity>(place, "sanity", params, { keepsBefore: true });
  const { found, isOld } = useLatest(work);
  if (!found) return <Waiting title="Testing whether the model is sane" work={work} />;
  return (
    <Panel
      title={titleOf(found)}
      says={`Skill is the share of a constant answer's ${found.skill} that the model saves: 0 is no better than always saying the same, 100 % is without error.`}
      actions={<TrainedOn />}
    >
      <ul className={classes.tests}>
        {found.rows.map((row) => (
          <Test key={row.test} row={row} />
        ))}
      </ul>
      {isOld && work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {!isWhole && facts.can_call_model && (
        <Group gap="sm" mt="sm">
          <Button size="xs" variant="default" onClick={() => set({ sanity: "all" })}>
            Also ask the model
          </Button>
          <Text size="xs" className="mp-soft">
            each input shuffled in turn, a few rows and shuffled labels learned anew
          </Text>
        </Group>
      )}
      {found.ablation.length > 0 && <Inputs found={found} />}
    </Panel>
  );
}

function titleOf(found: Sanity): string {
  const failed = found.rows.filter(({ verdict }) => verdict === "fail").length;
  const done = found.rows.filter(({ verdict }) => verdict !== "skipped").length;
  if (failed > 0) return `${failed} of ${done} sanity tests failed`;
  return done === 0 ? "No sanity test could be done" : "No sanity test failed";
}

function Test({ row }: { row: SanityRow }) {
  const isDone = row.verdict !== "skipped";
  return (
    <li>
      <VerdictWord word={isDone ? row.verdict : "not run"} />
      <div>
        <h3>{TITLES[row.test] ?? row.test}</h3>
        <Text size="sm" className="mp-soft mp-sentence">
          {row.sentence}
        </Text>
        {row.check && (
          <div className={classes.acts}>
            <KeepFound suite="sanity" check={row.check} says={`‘${row.test}’ is tested`} />
          </div>
        )}
      </div>
    </li>
  );
}

/** Which rows the model learned from: the evaluation of its training data, or a split. */
function TrainedOn() {
  const { place, facts } = usePlace();
  const { search, set } = useSearch();
  const workspace = useWorkspace();
  const train = one(search, "train") ?? "";
  const others = (workspace.data?.evaluations ?? [])
    .filter(({ model, ref }) => model === place.model && ref !== facts.ref)
    .map(({ ref }) => ref);
  const splits = facts.columns.some(({ name }) => name === "split") ? ["split = 'train'"] : [];
  const choices = [...new Set([...others, ...splits, ...(train ? [train] : [])])];
  if (choices.length === 0) return null;
  return (
    <Select
      size="xs"
      w={230}
      label="Learned from"
      allowDeselect={false}
      value={train}
      onChange={(value) => set({ train: value || undefined }, { replace: true })}
      data={[
        { value: "", label: "not given" },
        ...choices.map((value) => ({ value, label: value })),
      ]}
    />
  );
}

function Inputs({ found }: { found: Sanity }) {
  const n = found.ablation[0]?.n ?? 0;
  const unused = found.ablation.filter(({ is_used }) => !is_used).map(({ column }) => column);
  return (
    <div className={classes.inputs}>
      <h3>What is lost when one input is shuffled</h3>
      <Text size="xs" className="mp-soft" mb="xs">
        skill, with its interval over all inputs together, on {n} rows
        {unused.length > 0 && `; nothing changes without ${unused.join(", ")}`}
      </Text>
      <DivergingBars
        things="inputs"
        rows={found.ablation.map((row) => ({
          name: row.column,
          says: `changes ${percent(row.changed, 0)} of predictions`,
          amount: row.value ?? 0,
          low: row.low,
          high: row.high,
        }))}
      />
    </div>
  );
}
