/** Checks proposed from what was found, to choose from; nothing is saved until one says so. */
import { Alert, Button, Checkbox, Chip, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWork } from "@/api/queries";
import type { ProposedCheck, ProposedChecks } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { addChecks } from "@/screens/tests/suites";
import classes from "@/screens/tests/Tests.module.css";
import { VerdictWord } from "@/screens/tests/VerdictWord";
import { number } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { toast } from "@/shared/toast";

const SOURCES: Record<string, string> = {
  error_classes: "Error classes",
  slices: "Slices",
  priorities: "Tags",
  cohorts: "Saved cohorts",
};

interface ProposeProps {
  suite: string | undefined;
  close: () => void;
  made: (suite: string) => void;
}

export function Propose({ suite, close, made }: ProposeProps) {
  const { place, facts } = useHere();
  const [sources, setSources] = useState(facts.classes.length > 0 ? ["error_classes"] : ["slices"]);
  const body = { sources };
  const enabled = sources.length > 0;
  const work = useWork<ProposedChecks>(place, "checks/proposals", {}, { body, enabled });
  const found = enabled ? work.data?.result : undefined;
  return (
    <Modal opened onClose={close} size="xl" title="Propose checks">
      <Stack gap="sm">
        <Text size="sm" className="mp-soft">
          Each keeps what was found from getting worse: its bound is the value now, less two and a
          half times the distance to its interval’s end. A version that is as good passes; a clearly
          worse one does not.
        </Text>
        <Chip.Group multiple value={sources} onChange={setSources}>
          <Group gap={6} role="group" aria-label="From">
            {Object.entries(SOURCES).map(([name, title]) => (
              <Chip key={name} value={name} size="xs">
                {title}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {!enabled && <Text size="sm">Choose what to propose checks from.</Text>}
        {enabled && work.isPending && <Loading label="Proposing checks" />}
        {enabled && work.isError && (
          <Failure error={work.error} retry={() => void work.refetch()} />
        )}
        {enabled && work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
        {found && <Choose key={sources.join()} found={found} suite={suite} made={made} />}
      </Stack>
    </Modal>
  );
}

interface ChooseProps {
  found: ProposedChecks;
  suite: string | undefined;
  made: (suite: string) => void;
}

function Choose({ found, suite, made }: ChooseProps) {
  const { place } = useHere();
  const [chosen, setChosen] = useState<readonly string[]>(found.rows.map(({ check }) => check));
  const [name, setName] = useState(suite ?? found.suite);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function add() {
    setBusy(true);
    setError(null);
    const texts = found.rows.filter(({ check }) => chosen.includes(check)).map(({ yaml }) => yaml);
    try {
      const board = await addChecks(place, name.trim(), texts);
      toast({ text: `${texts.length} checks are in ${board.suite} now.` });
      made(board.suite);
    } catch (fault) {
      setError(fault);
      setBusy(false);
    }
  }

  return (
    <>
      {Object.entries(found.empty).map(([source, says]) => (
        <Alert key={source} variant="light" color="gray" title={SOURCES[source] ?? source}>
          {says}
        </Alert>
      ))}
      <ul className="mp-plain">
        {found.rows.map((row) => (
          <Proposal
            key={row.check}
            row={row}
            isChosen={chosen.includes(row.check)}
            choose={(on) =>
              setChosen(on ? [...chosen, row.check] : chosen.filter((item) => item !== row.check))
            }
          />
        ))}
      </ul>
      {error !== null && <Failure error={error} />}
      {found.rows.length > 0 && (
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Into the suite"
            size="xs"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button
            size="xs"
            loading={isBusy}
            disabled={chosen.length === 0 || name.trim() === ""}
            onClick={() => void add()}
          >
            {`Add ${chosen.length} ${chosen.length === 1 ? "check" : "checks"}`}
          </Button>
        </Group>
      )}
    </>
  );
}

interface ProposalProps {
  row: ProposedCheck;
  isChosen: boolean;
  choose: (on: boolean) => void;
}

function Proposal({ row, isChosen, choose }: ProposalProps) {
  const { value, expected, verdict } = row.verdict;
  return (
    <li className={classes.proposal}>
      <Checkbox
        checked={isChosen}
        onChange={(event) => choose(event.currentTarget.checked)}
        aria-label={row.check}
      />
      <div>
        <b className="mp-sentence">{row.check}</b>
        <Text size="sm" className="mp-soft mp-sentence">
          {row.reason}
        </Text>
        <Group gap="sm">
          <Text size="xs">{`now ${number(value)}, expected ${expected}`}</Text>
          <VerdictWord word={verdict} />
        </Group>
      </div>
    </li>
  );
}
