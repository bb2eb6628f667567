/** What is generated as a check: measured now, its text open to changes, added to a suite. */
import { Group, Modal, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useWork } from "@/api/queries";
import type { ProposedChecks } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import type { Generated } from "@/screens/generate/KeepRows";
import { CheckEditor } from "@/screens/tests/CheckEditor";
import { addChecks } from "@/screens/tests/suites";
import { VerdictWord } from "@/screens/tests/VerdictWord";
import { JobProgress } from "@/shared/JobProgress";
import { toast } from "@/shared/toast";

interface GeneratedCheckProps {
  what: Generated;
  close: () => void;
}

const EXPECTED = [
  { value: "same", label: "the prediction stays" },
  { value: "label", label: "the label is predicted" },
  { value: "strengths", label: "the prediction stays, at 0.1, 0.3 and 0.5" },
];
const PAUSE_MS = 400;

export function GeneratedCheck({ what, close }: GeneratedCheckProps) {
  const { place } = useHere();
  const [expect, setExpect] = useState("same");
  const [least, setLeast] = useState<number | string>("");
  const [percent] = useDebouncedValue(least, PAUSE_MS);
  const body = { ...what, expect, min_share: percent === "" ? null : Number(percent) / 100 };
  const work = useWork<ProposedChecks>(place, "generated/check", {}, { body });
  const found = work.isError ? undefined : work.data?.result;
  return (
    <Modal opened onClose={close} size="lg" title={<b>Make a check</b>}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          {"change" in what && (
            <Select
              size="xs"
              w={290}
              label="Of the changed rows"
              allowDeselect={false}
              data={EXPECTED}
              value={expect}
              onChange={(value) => setExpect(value ?? "same")}
            />
          )}
          <NumberInput
            size="xs"
            w={170}
            label="At least, in percent"
            placeholder="as it is now"
            min={0}
            max={100}
            value={least}
            onChange={setLeast}
          />
        </Group>
        {work.isPending && <Loading label="Measuring it" lines={5} />}
        {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
        {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
        {found && <Measured key={JSON.stringify(body)} found={found} close={close} />}
      </Stack>
    </Modal>
  );
}

function Measured({ found, close }: { found: ProposedChecks; close: () => void }) {
  const { place } = useHere();
  const navigate = useNavigate();
  const [suite, setSuite] = useState(found.suite);
  const [row] = found.rows;
  if (!row) return null;

  async function save(text: string) {
    const board = await addChecks(place, suite.trim(), [text]);
    toast({
      text: `The check is in the suite ${board.suite}.`,
      action: {
        label: "Look at it",
        run: () =>
          void navigate({
            to: "/e/$model/$dataset/tests",
            params: place,
            search: { suite: board.suite } as never,
          }),
      },
    });
    close();
  }

  return (
    <>
      <div>
        <VerdictWord word={row.verdict.verdict} />
        <Text size="sm" className="mp-sentence">
          {row.verdict.sentence}
        </Text>
      </div>
      <TextInput
        size="xs"
        label="Into the suite"
        value={suite}
        onChange={(event) => setSuite(event.currentTarget.value)}
      />
      <CheckEditor text={row.yaml} save={save} starts="yaml" />
    </>
  );
}
