/** A finding becomes a problem: who cares for it, and how much harm it does. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconBug } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { exported } from "@/api/exported";
import { useHere } from "@/app/EvaluationFrame";
import { Failure } from "@/app/states";
import { ProblemWords, type Words } from "@/screens/problems/ProblemWords";
import { type Finding, harmChoices, openProblem, useProblems } from "@/screens/problems/problems";
import { counted } from "@/shared/format";
import { toast } from "@/shared/toast";

interface OpenProblemProps {
  finding: Finding;
  title?: string; // suggested
  size?: string;
}

export function OpenProblem({ finding, title = "", size = "compact-xs" }: OpenProblemProps) {
  const [isOpen, setOpen] = useState(false);
  if (exported()) return null;
  const hasRows = Boolean(finding.where || finding.rows?.length);
  return (
    <>
      <Button
        size={size}
        variant="default"
        leftSection={<IconBug size={14} />}
        disabled={!hasRows}
        title={hasRows ? undefined : "Choose rows first, in Explore or under Slices"}
        onClick={() => setOpen(true)}
      >
        Open a problem
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={<b>Open a problem</b>} size="lg">
        {isOpen && <Form finding={finding} title={title} close={() => setOpen(false)} />}
      </Modal>
    </>
  );
}

interface FormProps {
  finding: Finding;
  title: string;
  close: () => void;
}

function Form({ finding, title, close }: FormProps) {
  const { place } = useHere();
  const navigate = useNavigate();
  const problems = useProblems(place);
  const [words, setWords] = useState<Words>({
    title: title.slice(0, LONGEST),
    description: finding.sentence ?? "",
    expected: "",
    owner: "",
    harm: 3,
  });
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function open(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const made = await openProblem(place, { finding, ...words });
      toast({
        text: `“${made.title}” is a problem now.`,
        action: { label: "Look at it", run: () => show(made.name) },
      });
      close();
    } catch (fault) {
      setError(fault);
      setBusy(false);
    }
  }

  function show(problem: string) {
    void navigate({
      to: "/e/$model/$dataset/problems",
      params: place,
      search: { problem } as never,
    });
  }

  return (
    <form onSubmit={(event) => void open(event)}>
      <Stack gap="xs">
        <Text size="sm" className="mp-soft mp-sentence">
          {finding.where
            ? `Rows where ${finding.where}.`
            : `${counted(finding.rows?.length, "row")}.`}{" "}
          It gets a check, which says for each next version of the model whether it is mended.
        </Text>
        <ProblemWords
          words={words}
          set={(part) => setWords((before) => ({ ...before, ...part }))}
          harms={harmChoices(problems.data?.harms)}
        />
        {error !== null && <Failure error={error} />}
        <Group gap="xs">
          <Button type="submit" size="xs" loading={isBusy} disabled={!words.title.trim()}>
            Open it
          </Button>
          <Button size="xs" variant="default" onClick={close}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const LONGEST = 120; // letters of a suggested title
