/** Another check for a suite, by a form. */
import { Modal } from "@mantine/core";
import { useHere } from "@/app/EvaluationFrame";
import { CheckEditor } from "@/screens/tests/CheckEditor";
import { addChecks } from "@/screens/tests/suites";
import { toast } from "@/shared/toast";

interface AddCheckProps {
  suite: string;
  close: () => void;
  made: (suite: string) => void;
}

export function AddCheck({ suite, close, made }: AddCheckProps) {
  const { place, facts } = useHere();
  const metric = facts.classes.length > 0 ? "accuracy" : "mae";

  async function save(text: string) {
    const board = await addChecks(place, suite, [text]);
    toast({ text: `The check is in ${board.suite}. Run it to see what it comes to.` });
    made(board.suite);
  }

  return (
    <Modal opened onClose={close} size="xl" title={`Add a check to ${suite}`}>
      <CheckEditor text={`name: new check\nkind: metric\nmetric: ${metric}`} save={save} />
    </Modal>
  );
}
