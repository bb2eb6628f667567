/** Slices that were found, to be made tags by a click; teaches where there is no tag yet. */
import { Button, List, Text } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { evaluationPath, send } from "@/api/client";
import { exported } from "@/api/exported";
import { forgetEvaluation, useWork } from "@/api/queries";
import type { SliceRow, SlicesFound, TagState } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/priorities/Priorities.module.css";
import { suggestedName } from "@/screens/slices/names";
import { ExploreLink } from "@/shared/ExploreLink";
import { counted } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";
import { toast } from "@/shared/toast";

export function TagsFromSlices({ isFirst }: { isFirst: boolean }) {
  const { place, facts } = useHere();
  const { search } = useSearch();
  const params = { where: one(search, "where"), top: 15 };
  const work = useWork<SlicesFound>(place, "slices", params);
  const known = new Set(facts.tags.map(({ name }) => name));
  const rows = (work.data?.result?.rows ?? []).filter(
    ({ where }) => !known.has(suggestedName(where)),
  );
  return (
    <Panel
      title={isFirst ? "Tag what you want to compare" : "Slices that have no tag"}
      says={isFirst ? "There is no tag yet. A tag marks rows that share a reason to fail." : ""}
    >
      {isFirst && (
        <List size="sm" mb="sm" spacing={2}>
          <List.Item>
            Tag slices that were found, below; or any rows while you{" "}
            <ExploreLink>Explore</ExploreLink> them.
          </List.Item>
          <List.Item>
            Each tag is then measured: how many rows, how wrong, what can be gained.
          </List.Item>
          <List.Item>
            Say how easy it is to mend and how much it matters; the rest is sorting.
          </List.Item>
        </List>
      )}
      {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {work.data?.result && rows.length === 0 && (
        <Text size="sm" className="mp-soft">
          {work.data.result.rows.length === 0
            ? "No slice is significantly worse than the rest; tag rows in Explore."
            : "All slices that were found have a tag."}
        </Text>
      )}
      <ul className={classes.suggestions}>
        {rows.map((row) => (
          <li key={row.where}>
            <ExploreLink where={row.where}>{row.sentence}</ExploreLink>
            {!exported() && <TagIt row={row} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function TagIt({ row }: { row: SliceRow }) {
  const { place } = useHere();
  const [isBusy, setBusy] = useState(false);
  const name = suggestedName(row.where);

  async function tag() {
    setBusy(true);
    const path = evaluationPath(place.model, place.dataset, `tags/${encodeURIComponent(name)}`);
    try {
      const { value } = await send<TagState>("POST", path, { body: { where: row.where } });
      toast({ text: `${counted(value.n, "row has", "rows have")} the tag “${value.name}” now.` });
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "Not tagged.", isFault: true });
    }
    setBusy(false);
    await forgetEvaluation(place);
  }

  return (
    <Button
      size="compact-sm"
      variant="default"
      flex="none"
      leftSection={<IconTag size={14} />}
      loading={isBusy}
      onClick={() => void tag()}
      aria-label={`Tag as ${name}`}
    >
      Tag
    </Button>
  );
}
