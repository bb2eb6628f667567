/** Where else the problem is dealt with: issues of a tracker, by their addresses. */
import { Anchor, Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ProblemRecord } from "@/api/types";
import { type Change, Part } from "@/screens/problems/ProblemDetail";
import classes from "@/screens/problems/Problems.module.css";

export function Links({ record, change }: { record: ProblemRecord; change: Change }) {
  const [url, setUrl] = useState("");
  const [isBusy, setBusy] = useState(false);
  const urls = record.links.map((link) => link.url);

  function add(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    void change({ links: [...urls, url.trim()] }).then((isDone) => {
      if (isDone) setUrl("");
      setBusy(false);
    });
  }

  return (
    <Part title="Links">
      <ul className={classes.list}>
        {record.links.map((link) => (
          <li key={link.url}>
            <Anchor href={link.url} target="_blank" rel="noreferrer" size="sm">
              {link.site}: {link.title}
            </Anchor>{" "}
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Remove the link ${link.title}`}
              onClick={() => void change({ links: urls.filter((item) => item !== link.url) })}
            >
              remove
            </Button>
          </li>
        ))}
      </ul>
      <form onSubmit={add}>
        <Group gap="xs" align="flex-end" mt={4}>
          <TextInput
            label="Address of an issue"
            placeholder="https://github.com/acme/churn/issues/7"
            size="xs"
            type="url"
            required
            flex={1}
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" variant="default" loading={isBusy} disabled={!url.trim()}>
            Add
          </Button>
        </Group>
      </form>
    </Part>
  );
}
