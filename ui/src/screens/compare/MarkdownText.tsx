/** The comparison as Markdown, for a pull request. */
import { Button, Group, Modal, Textarea } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { apiUrl, evaluationPath } from "@/api/client";
import type { Comparison } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { paramsOf, useAgainst } from "@/screens/compare/useCompare";
import { toast } from "@/shared/toast";

export function MarkdownText({ found, close }: { found: Comparison; close: () => void }) {
  const { place } = useHere();
  const { search } = useSearch();
  const against = useAgainst();
  const params = { ...paramsOf(search, against, place.dataset), format: "markdown" };
  const url = apiUrl(evaluationPath(place.model, place.dataset, "compare"), params);
  const text = useQuery({
    queryKey: ["markdown", url, found.seconds],
    queryFn: ({ signal }) => textAt(url, signal),
  });

  async function copy() {
    await navigator.clipboard?.writeText(text.data ?? "");
    toast({ text: "The comparison was copied." });
  }

  return (
    <Modal opened onClose={close} size="xl" title={<b>As Markdown</b>}>
      {text.isPending && <Loading label="Writing the text" />}
      {text.isError && <Failure error={text.error} retry={() => void text.refetch()} />}
      {text.data !== undefined && (
        <>
          <Textarea
            aria-label="The comparison as Markdown"
            className="mp-mono"
            readOnly
            autosize
            minRows={8}
            maxRows={22}
            value={text.data}
          />
          <Group gap="xs" mt="sm">
            <Button size="xs" leftSection={<IconCopy size={14} />} onClick={() => void copy()}>
              Copy
            </Button>
            <Button size="xs" variant="default" onClick={close}>
              Close
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}

/** The text, once its job is done. */
async function textAt(url: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    const answer = await fetch(url, { credentials: "same-origin", signal });
    if (!answer.ok) throw await answer.json();
    if (answer.status !== 202) return answer.text();
    const { id } = await answer.json();
    await (await fetch(apiUrl(`jobs/${id}/events`), { signal })).text(); // ends with the job
  }
}
