/** Suites of checks: what they came to for this model, check by check, and their text. */
import { Button, Group, Modal, Select, Stack, Text, Title } from "@mantine/core";
import { IconFileText, IconSparkles } from "@tabler/icons-react";
import { useState } from "react";
import { exported } from "@/api/exported";
import type { SuiteList } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { AddCheck } from "@/screens/tests/AddCheck";
import { BoardPanel } from "@/screens/tests/BoardPanel";
import { FirstSteps } from "@/screens/tests/FirstSteps";
import { Propose } from "@/screens/tests/Propose";
import { saveSuite, useBoard, useSuites } from "@/screens/tests/suites";
import classes from "@/screens/tests/Tests.module.css";
import { YamlEditor } from "@/screens/tests/YamlEditor";
import { Panel } from "@/shared/Panel";
import { toast } from "@/shared/toast";

export function Tests() {
  const suites = useSuites();
  return (
    <Stack className={classes.page} gap="md">
      {suites.isPending && <Loading label="Looking for suites" />}
      {suites.isError && !suites.data && (
        <Panel title="Tests">
          <Failure error={suites.error} retry={() => void suites.refetch()} />
        </Panel>
      )}
      {suites.data && <Suites found={suites.data} />}
    </Stack>
  );
}

function Suites({ found }: { found: SuiteList }) {
  const { search, set } = useSearch();
  const names = found.rows.map(({ suite }) => suite);
  const asked = one(search, "suite");
  const { isFetching } = useSuites(); // one that was just saved is not in the list yet
  const isGone = asked !== undefined && names.length > 0 && !names.includes(asked);
  const suite = isGone ? undefined : names.length > 0 ? (asked ?? names[0]) : undefined;
  const ask = one(search, "do");
  const close = () => set({ do: undefined });
  const choose = (name: string) => set({ suite: name, check: undefined, do: undefined });
  return (
    <>
      <Group align="flex-end" gap="md">
        <div>
          <Title order={1}>Tests</Title>
          <Text size="sm" className="mp-soft">
            What the model must do, checked for each version of it.
          </Text>
        </div>
        {!exported() && (
          <Group className={classes.options} gap="sm" align="flex-end">
            {names.length > 0 && (
              <Select
                label="Suite"
                size="xs"
                w={200}
                allowDeselect={false}
                value={suite ?? null}
                onChange={(value) => value && choose(value)}
                data={names}
              />
            )}
            <Button
              size="xs"
              variant="default"
              leftSection={<IconSparkles size={14} />}
              onClick={() => set({ do: "propose" })}
            >
              Propose checks
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFileText size={14} />}
              onClick={() => set({ do: "write" })}
            >
              New suite
            </Button>
          </Group>
        )}
      </Group>
      {isGone && !isFetching && <Gone suite={asked} first={names[0]} choose={choose} />}
      {suite === undefined && !isGone && <FirstSteps made={choose} />}
      {suite !== undefined && <BoardPanel suite={suite} key={suite} />}
      {ask === "propose" && <Propose suite={suite} close={close} made={choose} />}
      {ask === "add" && suite && <AddCheck suite={suite} close={close} made={choose} />}
      {ask === "write" && <Write suite={undefined} close={close} made={choose} />}
      {ask === "edit" && suite && <Edit suite={suite} close={close} made={choose} />}
    </>
  );
}

/** An address of a suite that there is not: another one's verdicts are not shown for it. */
function Gone(props: { suite: string; first: string | undefined; choose: (name: string) => void }) {
  const { suite, first, choose } = props;
  return (
    <Panel title={`No suite “${suite}”`} says="There is no suite of this name in the workspace.">
      {first !== undefined && (
        <Button size="xs" variant="default" onClick={() => choose(first)}>
          Show {first}
        </Button>
      )}
    </Panel>
  );
}

interface WriteProps {
  suite: string | undefined;
  close: () => void;
  made: (suite: string) => void;
}

function Edit({ suite, ...rest }: WriteProps & { suite: string }) {
  const board = useBoard(suite);
  return board.data ? <Write suite={suite} text={board.data.text} {...rest} /> : null;
}

function Write({ suite, text, close, made }: WriteProps & { text?: string }) {
  const { place } = useHere();
  const [was] = useState(text ?? "");

  async function save(written: string) {
    const board = await saveSuite(place, written, was);
    toast({ text: `The suite ${board.suite} is saved. Run it to see its verdicts.` });
    made(board.suite);
  }

  return (
    <Modal opened onClose={close} size="xl" title={suite ? `Edit ${suite}` : "New suite"}>
      <YamlEditor label="The suite as YAML" text={was || START} save={save} rows={16} />
    </Modal>
  );
}

const START = `suite: my-suite
checks:
  - name: good enough
    kind: metric
    metric: accuracy
    min: 0.8
`;
