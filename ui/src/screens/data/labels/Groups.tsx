/** Rows that are nearly the same and have several labels. */
import { Text } from "@mantine/core";
import { useState } from "react";
import type { LabelErrors } from "@/api/types";
import classes from "@/screens/data/labels/Labels.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { cell, count } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 5;

export function Groups({ found }: { found: LabelErrors }) {
  const [isWhole, setWhole] = useState(false);
  const { groups } = found;
  if (groups.length === 0) return null;
  return (
    <Panel
      title="The same input, several labels"
      says="Rows that are nearly equal to each other cannot all be right."
    >
      <ul className={classes.pairs}>
        {(isWhole ? groups : groups.slice(0, SHOWN)).map((group) => (
          <li key={group.rows.join()}>
            <CohortLink where={group.where} className={classes.pairSays}>
              {group.sentence}
            </CohortLink>
            <Text size="xs" className="mp-soft">
              {group.labels.map((item) => `${cell(item[0])} ${count(Number(item[1]))}`).join(", ")}
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
