/** One problem: why it matters here, its rows, its check, its versions, and what people say. */
import { Button, Drawer, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import type { ProblemRecord } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { Comments } from "@/screens/problems/Comments";
import { EditProblem } from "@/screens/problems/EditProblem";
import { Events } from "@/screens/problems/Events";
import { Examples } from "@/screens/problems/Examples";
import { HistoryChart } from "@/screens/problems/HistoryChart";
import { Links } from "@/screens/problems/Links";
import classes from "@/screens/problems/Problems.module.css";
import {
  editProblem,
  type ProblemEdit,
  STATUS,
  STATUSES,
  type Status,
  useProblem,
} from "@/screens/problems/problems";
import { VerdictWord } from "@/screens/tests/VerdictWord";
import { CohortLink } from "@/shared/CohortLink";
import { Estimate } from "@/shared/Estimate";
import { amount, metricName, metricShow, when } from "@/shared/format";

/** Changes the problem as it was at `version`; tells whether it could be. */
export type Change = (edit: ProblemEdit, version?: number) => Promise<boolean>;

export function ProblemDetail({ name, close }: { name: string; close: () => void }) {
  const { facts } = useHere();
  const found = useProblem(name, facts.ref);
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="xl"
      title={<b className="mp-sentence">{found.data?.title ?? name}</b>}
    >
      {found.isPending && <Loading label="Opening the problem" />}
      {found.isError && !found.data && (
        <Failure error={found.error} retry={() => void found.refetch()} />
      )}
      {found.data && <Detail record={found.data} />}
    </Drawer>
  );
}

function Detail({ record }: { record: ProblemRecord }) {
  const [error, setError] = useState<unknown>(null);
  const [isEdited, setEdited] = useState(false);

  async function change(edit: ProblemEdit, version = record.version) {
    setError(null);
    try {
      await editProblem(record.name, version, edit);
      setEdited(false);
      return true;
    } catch (fault) {
      setError(fault);
      return false;
    }
  }

  return (
    <Stack gap="lg">
      {error !== null && (
        <div className={classes.fault} ref={(node) => node?.scrollIntoView({ block: "nearest" })}>
          <Failure error={error} />
        </div>
      )}
      <Head record={record} change={change} edit={() => setEdited(true)} />
      {isEdited ? (
        <EditProblem record={record} change={change} close={() => setEdited(false)} />
      ) : (
        <Words record={record} />
      )}
      <Now record={record} />
      {record.rows.length > 0 && (
        <Part title="By version of the model">
          <HistoryChart rows={record.rows} />
          <Text size="xs" className="mp-soft">
            Full points: the cohort, with 95 % intervals; circles: all other rows; dashes: the bound
            of the check.
            {isOfOtherRows(record) &&
              " Versions of the data are different rows: compare figures within one of them only."}
          </Text>
        </Part>
      )}
      <Examples record={record} />
      <Links record={record} change={change} />
      <Comments record={record} />
      <Events record={record} />
    </Stack>
  );
}

function isOfOtherRows({ rows }: ProblemRecord): boolean {
  return new Set(rows.map(({ dataset }) => dataset)).size > 1;
}

interface HeadProps {
  record: ProblemRecord;
  change: Change;
  edit: () => void;
}

function Head({ record, change, edit }: HeadProps) {
  const { status, proposal, proposed_by } = record;
  const [asked, setAsked] = useState<Status>();
  return (
    <Stack gap={8}>
      <Group gap="sm" align="flex-end">
        <Select
          label="Status"
          size="xs"
          w={150}
          value={asked ?? status}
          data={STATUSES.map((value) => ({ value, label: value, disabled: value === "reopened" }))}
          onChange={(value) => setAsked(value === status ? undefined : (value as Status))}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true }}
        />
        <Text size="xs" className="mp-soft" pb={6}>
          {STATUS[asked ?? (status as Status)]?.says}
        </Text>
        <Button size="xs" variant="default" ml="auto" onClick={edit}>
          Edit
        </Button>
      </Group>
      {asked && (
        <Why key={asked} status={asked} change={change} close={() => setAsked(undefined)} />
      )}
      {proposal === "fixed" && !asked && (
        <Group gap="sm" className={classes.proposal}>
          <Text size="sm">{proposed_by} passes its check.</Text>
          <Button size="compact-xs" onClick={() => setAsked("fixed")}>
            Yes, fixed
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface WhyProps {
  status: Status;
  change: Change;
  close: () => void;
}

/** Another status, with the reason that its history keeps. */
function Why({ status, change, close }: WhyProps) {
  const [reason, setReason] = useState("");
  const [isBusy, setBusy] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const why = reason.trim();
    await change({ status, ...(why && { reason: why }) });
    setBusy(false);
    close();
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <Group gap="xs" align="flex-end">
        <TextInput
          label={`Why it is ${status} now`}
          placeholder="kept in its history; may be empty"
          size="xs"
          style={{ flex: "1 1 220px" }}
          value={reason}
          maxLength={20_000}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" loading={isBusy}>
          Set {status}
        </Button>
        <Button size="xs" variant="default" onClick={close}>
          Leave it
        </Button>
      </Group>
    </form>
  );
}

function Words({ record }: { record: ProblemRecord }) {
  const facts: [string, ReactNode][] = [
    ["What happens", record.description],
    ["Expected", record.expected],
    ["Owner", record.owner],
    ["Harm", `${record.harm} of 5: ${record.harm_words}`],
    ["Found by", record.origin.sentence],
    ["Opened", `${when(record.created_at)} by ${record.created_by}`],
  ];
  return <Facts facts={facts} />;
}

/** The problem in the evaluation that is looked at: its priority with the sum, and its check. */
function Now({ record }: { record: ProblemRecord }) {
  const { priority, current, check } = record;
  const show = metricShow(current?.metric ?? "");
  return (
    <Part title="In this evaluation">
      <Facts
        facts={[
          ["Priority", priority && <Estimate {...priority} show={amount} />],
          ["Working", priority?.working],
          [
            "Rows",
            <CohortLink key="rows" where={record.where}>
              {record.where}
            </CohortLink>,
          ],
          [
            current ? metricName(current.metric) : "Metric",
            current && current.value !== null && (
              <>
                <Estimate {...current} show={show} />{" "}
                <span className="mp-soft">all other rows {show(current.rest)}</span>
              </>
            ),
          ],
          [
            "Check",
            check && (
              <>
                {current?.verdict && <VerdictWord word={current.verdict} />} {check.expected}
              </>
            ),
          ],
          ["Note", record.note],
        ]}
      />
    </Part>
  );
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} fz="sm" mb={6}>
        {title}
      </Title>
      {children}
    </section>
  );
}
