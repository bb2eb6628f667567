/** Checks that data like these pass, to choose from and keep as a suite. */
import { Button, Checkbox, Code, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useDatasetWork } from "@/api/queries";
import type { ProposedDataCheck, ProposedDataChecks } from "@/api/types";
import { Failure } from "@/app/states";
import { useData } from "@/screens/data/dataHere";
import { keepChecks, suiteOf } from "@/screens/data/inspect/checks";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { useShowSuite } from "@/screens/data/inspect/KeepDataCheck";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { VerdictWord } from "@/screens/tests/VerdictWord";
import { toast } from "@/shared/toast";

interface ProposeProps {
  reference: string | undefined;
  close: () => void;
}

export function ProposeDataChecks({ reference, close }: ProposeProps) {
  const { ref } = useData();
  const work = useDatasetWork<ProposedDataChecks>(ref, "checks/proposals", { reference });
  const found = work.data?.result;
  return (
    <Modal opened onClose={close} size="xl" title={<b>Checks that data like these pass</b>}>
      <Stack gap="sm">
        <Text size="sm" className="mp-soft">
          Bounds are learned from {reference ?? ref} and leave room for chance. Run them on the next
          version, or let it in by them alone: mispredict add dataset … --gate.
        </Text>
        {found ? (
          <Choose found={found} close={close} />
        ) : (
          <Waiting title="Learning what is usual" work={work} />
        )}
      </Stack>
    </Modal>
  );
}

function Choose({ found, close }: { found: ProposedDataChecks; close: () => void }) {
  const { ref, name } = useData();
  const reference = found.reference || undefined;
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set()); // not wanted
  const [suite, setSuite] = useState(suiteOf(name, reference));
  const [isText, setText] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const show = useShowSuite();
  const chosen = found.rows.filter(({ check }) => !left.has(check));

  async function keep() {
    setBusy(true);
    setError(null);
    try {
      const draft = { suite: suite.trim(), checks: chosen.map(({ yaml }) => yaml), reference };
      const made = await keepChecks(ref, draft);
      toast({ text: `The suite ${made.suite} has ${made.checks} checks.`, ...show(made.suite) });
      close();
    } catch (fault) {
      setError(fault);
      setBusy(false);
    }
  }

  function choose(check: string, isOn: boolean) {
    const next = new Set(left);
    if (isOn) next.delete(check);
    else next.add(check);
    setLeft(next);
  }

  return (
    <>
      <Group gap="xs">
        <Button size="compact-xs" variant="default" onClick={() => setLeft(new Set())}>
          All {found.rows.length}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => setLeft(new Set(found.rows.map(({ check }) => check)))}
        >
          None
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          aria-pressed={isText}
          onClick={() => setText(!isText)}
        >
          {isText ? "Show as a list" : "Show as YAML"}
        </Button>
      </Group>
      {isText ? (
        <Code block tabIndex={0} className={classes.yaml}>
          {found.text}
        </Code>
      ) : (
        <ul className={`mp-plain ${classes.proposals}`}>
          {found.rows.map((row) => (
            <Proposal
              key={row.check}
              row={row}
              isChosen={!left.has(row.check)}
              choose={(isOn) => choose(row.check, isOn)}
            />
          ))}
        </ul>
      )}
      {error !== null && <Failure error={error} />}
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Into the suite"
          size="xs"
          value={suite}
          onChange={(event) => setSuite(event.currentTarget.value)}
        />
        <Button
          size="xs"
          loading={isBusy}
          disabled={chosen.length === 0 || suite.trim() === ""}
          onClick={() => void keep()}
        >
          {`Save ${chosen.length} ${chosen.length === 1 ? "check" : "checks"}`}
        </Button>
      </Group>
    </>
  );
}

interface ProposalProps {
  row: ProposedDataCheck;
  isChosen: boolean;
  choose: (isOn: boolean) => void;
}

function Proposal({ row, isChosen, choose }: ProposalProps) {
  return (
    <li className={classes.proposal}>
      <Checkbox
        size="xs"
        checked={isChosen}
        onChange={(event) => choose(event.currentTarget.checked)}
        label={row.check}
        description={row.verdict.sentence}
      />
      <VerdictWord word={row.verdict.verdict} />
    </li>
  );
}
