/** One check: its sentence, its rows, its versions; its text is edited in place and run again. */
import { Button, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { exported } from "@/api/exported";
import type { BoardRow } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { CheckEditor } from "@/screens/tests/CheckEditor";
import { Failing } from "@/screens/tests/Failing";
import { HistoryStrip } from "@/screens/tests/HistoryStrip";
import { changeCheck } from "@/screens/tests/suites";
import classes from "@/screens/tests/Tests.module.css";
import { SAYS, VerdictWord } from "@/screens/tests/VerdictWord";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, seconds } from "@/shared/format";
import { OpenProblem } from "@/shared/OpenProblem";
import { toast } from "@/shared/toast";

interface CheckDetailProps {
  suite: string;
  row: BoardRow;
  isOnly: boolean; // a suite has at least one
  isBusy: boolean;
  run: (select: readonly string[]) => Promise<void>;
  renamed: (check: string | undefined) => void;
  close: () => void;
}

export function CheckDetail({ row, close, ...rest }: CheckDetailProps) {
  const { verdict } = row;
  const word = verdict?.verdict ?? "not run";
  return (
    <Drawer opened onClose={close} position="right" size="lg" title={<b>{row.check}</b>}>
      <Stack gap="md">
        <div>
          <VerdictWord word={word} />
          {verdict && <Text className="mp-sentence">{verdict.sentence}</Text>}
          <Text size="sm" className="mp-soft">
            {SAYS[word]}
          </Text>
        </div>
        <Group gap="md">
          <ExploreLink where={row.where}>
            {row.where ? "Rows of this check" : "All rows"}
          </ExploreLink>
          {row.where && (
            <OpenProblem
              finding={{ kind: "check", where: row.where, sentence: verdict?.sentence }}
              title={row.check}
            />
          )}
        </Group>
        <Facts row={row} />
        {verdict && verdict.examples.length > 0 && <Failing verdict={verdict} />}
        {row.history.length > 0 && (
          <section aria-label="Versions">
            <Title order={3} fz="sm" mb={4}>
              By version of the model
            </Title>
            <HistoryStrip rows={row.history} />
            <Text size="xs" className="mp-soft" mt={4}>
              {row.history.map(({ model, value }) => `${model}: ${number(value)}`).join(" · ")}
            </Text>
          </section>
        )}
        {row.yaml && !exported() && <Edit row={row} close={close} {...rest} />}
      </Stack>
    </Drawer>
  );
}

function Facts({ row }: { row: BoardRow }) {
  const { verdict } = row;
  const facts: [string, string][] = [
    ["Kind", `${row.kind}: ${row.says}`],
    ["Cohort", row.where || "all rows"],
    ["Expected", verdict?.expected ?? ""],
    ["Rows", verdict ? count(verdict.n) : ""],
    ["If not passed", row.severity === "warn" ? "only warns" : "the suite does not pass"],
    ["Tags", row.tags.join(", ")],
    ["Owner", row.owner],
    ["Why", row.reason],
    ["Run", verdict ? `${row.run}, in ${seconds(verdict.seconds)}` : ""],
  ];
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Edit({ suite, row, isOnly, isBusy, run, renamed, close }: CheckDetailProps) {
  const { place } = useHere();

  async function save(text: string) {
    const before = row.check;
    const board = await changeCheck(place, suite, before, text);
    const known = board.rows.some(({ check }) => check === before);
    if (!known) renamed(board.rows.find(({ yaml }) => yaml.trim() === text.trim())?.check);
    toast({ text: "Saved. Run it to see what it comes to now." });
  }

  async function remove() {
    try {
      await changeCheck(place, suite, row.check, null);
      toast({ text: `“${row.check}” is no longer in the suite.` });
      close();
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "Not taken out.", isFault: true });
    }
  }

  return (
    <CheckEditor
      key={row.check}
      starts="yaml"
      text={row.yaml}
      save={save}
      also={
        <>
          <Button
            size="xs"
            variant="default"
            disabled={isBusy}
            onClick={() => void run([row.check])}
          >
            {isBusy ? "Running …" : "Run this check"}
          </Button>
          {!isOnly && (
            <Button
              size="xs"
              variant="subtle"
              color="wrong"
              ml="auto"
              onClick={() => void remove()}
            >
              Take it out
            </Button>
          )}
        </>
      }
    />
  );
}
