/** Rows that are nearly the same and have several labels. */
import { Button, Text } from "@mantine/core";
import { useState } from "react";
import type { LabelErrors } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/data/labels/Labels.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { count } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 5;
const NAMED = 8;
const ALIKE = "0.9";

export function Groups({ found }: { found: LabelErrors }) {
  const [isWhole, setWhole] = useState(false);
  const { groups } = found;
  const { search, set } = useSearch();
  const isAsked = one(search, "near") !== undefined;
  return (
    <Panel
      title="The same input, several labels"
      says="Rows that are nearly equal to each other cannot all be right."
      actions={
        <Button
          size="xs"
          variant="default"
          onClick={() => set({ near: isAsked ? undefined : ALIKE, row: undefined })}
        >
          {isAsked ? "Without rows alike" : "Look for rows that are alike"}
        </Button>
      }
    >
      {groups.length === 0 && (
        <Text size="sm">
          {isAsked
            ? "Rows that are at least 90 % alike have the same label."
            : "They have not been looked for yet; with many rows it takes a while."}
        </Text>
      )}
      <ul className={classes.pairs}>
        {(isWhole ? groups : groups.slice(0, SHOWN)).map((group) => (
          <li key={group.rows.join()}>
            <CohortLink where={group.where} className={classes.pairSays}>
              {group.sentence}
            </CohortLink>
            <Text size="xs" className="mp-soft">
              rows {group.rows.slice(0, NAMED).join(", ")}
              {group.rows.length > NAMED && ` and ${count(group.rows.length - NAMED)} more`}
            </Text>
          </li>
        ))}
      </ul>
      <MoreButton
        n={groups.length}
        shown={SHOWN}
        things="groups"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}
