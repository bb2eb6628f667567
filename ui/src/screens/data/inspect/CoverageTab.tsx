/** Where rows lie that the reference has none of, in words, and how wrong the model is there. */
import { Badge, Code, Stack, Text } from "@mantine/core";
import { useWorkAt } from "@/api/queries";
import type { Coverage } from "@/api/types";
import { one } from "@/app/address";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { addCommand, useData } from "@/screens/data/dataHere";
import { AgainstPicker } from "@/screens/data/inspect/AgainstPicker";
import { Figures } from "@/screens/data/inspect/Figures";
import { FindingActions } from "@/screens/data/inspect/FindingActions";
import { Regions } from "@/screens/data/inspect/Regions";
import { RegionsMap } from "@/screens/data/inspect/RegionsMap";
import { type Against, useAgainst } from "@/screens/data/inspect/useAgainst";
import { Waiting } from "@/screens/data/inspect/Waiting";
import { CohortBanner } from "@/shared/CohortBanner";
import { count, counted, differing, number, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const VERDICTS: Record<string, string> = {
  gaps: "gaps",
  covered: "covered",
  unsure: "not enough rows to tell",
};

export function CoverageTab() {
  const { ref } = useData();
  const here = useMaybeHere();
  const { search } = useSearch();
  const against = useAgainst();
  const params = {
    reference: against.chosen, // else the workspace takes data of the same task and inputs
    current: here?.facts.ref ?? ref,
    where: here ? one(search, "where") : undefined,
  };
  const enabled = against.others.length > 0;
  const work = useWorkAt<Coverage>("coverage", ["coverage", params], params, { enabled });
  if (!enabled) return against.isPending ? null : <NoOther />;
  const found = work.data?.result;
  const reference = against.chosen ?? found?.reference.of.split("/").at(-1);
  return (
    <Stack gap="md">
      {here && <CohortBanner />}
      <Said found={found} against={against} reference={reference} />
      {found ? (
        <>
          {isKnown(found) && <Regions found={found} />}
          {here && here.facts.map !== "none" && <RegionsMap found={found} />}
        </>
      ) : (
        <Waiting title="Comparing where the rows lie" work={work} />
      )}
    </Stack>
  );
}

interface SaidProps {
  found: Coverage | undefined;
  against: Against;
  reference: string | undefined;
}

function Said({ found, against, reference }: SaidProps) {
  return (
    <Panel
      title={found ? found.note : reference ? `What ${reference} covers` : "What older rows cover"}
      says={found && isKnown(found) ? found.notes.join(" ") : undefined}
      actions={
        <AgainstPicker against={against} label="What ought to cover these rows" value={reference} />
      }
    >
      {found && !isKnown(found) && (
        <Text size="sm">
          The two have no columns in common, so nothing can be said. Choose the data that the model
          learned from, or older rows.
        </Text>
      )}
      {found && isKnown(found) && (
        <>
          <Badge
            variant="light"
            tt="none"
            mb="sm"
            color={
              found.verdict === "gaps" ? "wrong" : found.verdict === "covered" ? "teal" : "gray"
            }
          >
            {VERDICTS[found.verdict] ?? found.verdict}
          </Badge>
          <Figures items={itemsOf(found)} />
          <FindingActions
            where={found.rows.map(({ where }) => `(${where})`).join(" OR ")}
            kind="coverage"
            title={`Rows that ${found.reference.of} does not cover`}
            sentence={found.note}
            check={found.check}
            reference={found.reference.of}
          />
        </>
      )}
    </Panel>
  );
}

/** Whether the two have columns to compare at all; else no share is known. */
function isKnown(found: Coverage): boolean {
  return found.share !== null;
}

function itemsOf(found: Coverage) {
  const show = found.measure === "error rate" ? percent : number;
  const moved = differing(found.difference, found.difference_low, found.difference_high, show);
  const items = [
    {
      name: "Rows that are not covered",
      value: count(found.uncovered),
      says: `${percent(found.share)} (${percent(found.low)} – ${percent(found.high)}) of ${count(found.source.n)}; gaps count from ${percent(found.bound)} on`,
    },
  ];
  if (found.error === null) return items;
  return [
    ...items,
    {
      name: `${upper(found.measure)} there`,
      value: show(found.error),
      says: `${show(found.error_low)} – ${show(found.error_high)}, ${counted(found.error_n, "row")}`,
    },
    {
      name: `${upper(found.measure)} elsewhere`,
      value: show(found.rest),
      says: found.difference === null ? undefined : `${moved.amount} there (${moved.span})`,
    },
  ];
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function NoOther() {
  const data = useData();
  return (
    <Panel title="Nothing to compare with yet">
      <Text size="sm" maw={720} mb="sm">
        Add what the model learned from, or older rows: the regions of {data.ref} that they lack are
        shown here then, with how wrong the model is there.
      </Text>
      <Code block tabIndex={0}>
        {addCommand(data, "train", "train.parquet")}
      </Code>
    </Panel>
  );
}
