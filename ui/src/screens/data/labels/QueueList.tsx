/** The rows that are looked at next, and what was decided of those before. */
import { Text } from "@mantine/core";
import { IconCheck, IconHelp, IconSwitchHorizontal } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { QueueRow } from "@/api/types";
import classes from "@/screens/data/labels/Labels.module.css";
import type { Mark, Reviewing } from "@/screens/data/labels/useReview";
import { cell, percent } from "@/shared/format";

const ICONS = { keep: IconCheck, relabel: IconSwitchHorizontal, unsure: IconHelp };

export function QueueList({ review }: { review: Reviewing }) {
  const { rows, at, marks } = review;
  const list = useRef<HTMLOListElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is shown
  useEffect(() => {
    const box = list.current;
    const item = box?.querySelector<HTMLElement>("[aria-current]");
    if (!box || !item) return;
    const above = item.offsetTop - box.offsetTop;
    if (above < box.scrollTop || above > box.scrollTop + box.clientHeight - 60) {
      box.scrollTop = above - 80;
    }
  }, [at]);

  return (
    <nav className={classes.queue} aria-label="Queue">
      <Text size="xs" className="mp-soft" mb={4}>
        Queue
      </Text>
      <ol ref={list} className={classes.items}>
        {rows.map((row, place) => (
          <Item
            key={row.row}
            row={row}
            mark={marks.get(row.row)}
            isHere={place === at}
            show={() => review.show(row.row)}
          />
        ))}
      </ol>
    </nav>
  );
}

interface ItemProps {
  row: QueueRow;
  mark: Mark | undefined;
  isHere: boolean;
  show: () => void;
}

function Item({ row, mark, isHere, show }: ItemProps) {
  const Icon = mark && ICONS[mark.decision];
  return (
    <li>
      <button
        type="button"
        className={classes.item}
        aria-current={isHere || undefined}
        data-done={mark ? true : undefined}
        onClick={show}
      >
        <span className={classes.itemRow}>{row.row}</span>
        <span className={classes.itemSays}>
          {cell(row.given)} →{" "}
          {mark?.decision === "relabel" ? cell(mark.label) : cell(row.suggested)}
        </span>
        {Icon ? (
          <Icon size={14} aria-label={mark.decision} />
        ) : (
          <span className="mp-soft">{percent(row.score)}</span>
        )}
      </button>
    </li>
  );
}
