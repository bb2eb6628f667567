/** Groups of rows that are alike; an open one shows its rows beside each other. */
import { Badge, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import type { LabelCount } from "@/api/types";
import { useMaybeHere } from "@/app/EvaluationFrame";
import classes from "@/screens/data/inspect/Inspect.module.css";
import { SideBySide } from "@/screens/data/inspect/SideBySide";
import actions from "@/shared/CohortActions.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { count } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 10;

interface Group {
  group: number;
  rows: readonly number[];
  others?: readonly number[];
  labels: readonly LabelCount[];
  is_conflict?: boolean;
  text?: string;
  where: string;
  sentence: string;
}

interface GroupsProps {
  title: string;
  groups: readonly Group[];
  all: number;
  against?: string;
}

export function Groups({ title, groups, all, against = "" }: GroupsProps) {
  const [isWhole, setWhole] = useState(false);
  const [open, setOpen] = useState<number | null>(groups[0]?.group ?? null);
  if (groups.length === 0) return null;
  const more = all > groups.length ? ` The first ${count(groups.length)} of ${count(all)}.` : "";
  return (
    <Panel title={title} says={`The largest first; where rows differ is marked.${more}`}>
      <ul className="mp-plain">
        {(isWhole ? groups : groups.slice(0, SHOWN)).map((group) => (
          <One
            key={group.group}
            group={group}
            against={against}
            isOpen={group.group === open}
            toggle={() => setOpen(group.group === open ? null : group.group)}
          />
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

interface OneProps {
  group: Group;
  against: string;
  isOpen: boolean;
  toggle: () => void;
}

function One({ group, against, isOpen, toggle }: OneProps) {
  const here = useMaybeHere();
  const { labels, sentence, text, where, rows, others = [] } = group;
  const Mark = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.group}>
      <div className={classes.groupHead}>
        <UnstyledButton fz="sm" aria-expanded={isOpen} onClick={toggle} className={classes.toggle}>
          <Mark size={15} aria-hidden />
          <span className="mp-sentence">{sentence}</span>
        </UnstyledButton>
        {labels.map(({ label, n }) => (
          <Badge
            key={label}
            variant="light"
            tt="none"
            color={labels.length > 1 ? "wrong" : "gray"}
            size="sm"
          >
            {label} {count(n)}
          </Badge>
        ))}
        {here && where && (
          <CohortLink where={where} className={`${actions.button} ${classes.end}`}>
            Open rows
          </CohortLink>
        )}
      </div>
      {isOpen ? (
        <div className={classes.inPlace}>
          <SideBySide rows={rows} others={others} against={against} />
        </div>
      ) : (
        text && (
          <Text size="xs" className="mp-soft" truncate pl={22}>
            {text}
          </Text>
        )
      )}
    </li>
  );
}
