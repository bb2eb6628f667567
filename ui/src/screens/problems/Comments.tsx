/** What people say of a problem. */
import { Button, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ProblemRecord } from "@/api/types";
import { Failure } from "@/app/states";
import { Part } from "@/screens/problems/ProblemDetail";
import classes from "@/screens/problems/Problems.module.css";
import { comment } from "@/screens/problems/problems";
import { when } from "@/shared/format";

export function Comments({ record }: { record: ProblemRecord }) {
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function say(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await comment(record.name, text.trim());
      setText("");
    } catch (fault) {
      setError(fault);
    }
    setBusy(false);
  }

  return (
    <Part title="Comments">
      <ul className={classes.list}>
        {record.comments.map((item) => (
          <li key={item.number}>
            <Text size="xs" className="mp-soft">
              {item.who}, {when(item.at)}
            </Text>
            <span className={classes.said}>{item.text}</span>
          </li>
        ))}
      </ul>
      <form onSubmit={(event) => void say(event)}>
        <Textarea
          label="Comment"
          size="xs"
          autosize
          minRows={2}
          mt={4}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {error !== null && <Failure error={error} />}
        <Button
          type="submit"
          size="xs"
          variant="default"
          mt={6}
          loading={isBusy}
          disabled={!text.trim()}
        >
          Say it
        </Button>
      </form>
    </Part>
  );
}
