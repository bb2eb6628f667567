/** The middle of Explore: the rows, what they are sorted by, and what can be done with them. */
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTag, IconX } from "@tabler/icons-react";
import { memo } from "react";
import type { Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { ColumnPicker } from "@/screens/explore/table/ColumnPicker";
import { sortedBy } from "@/screens/explore/table/order";
import classes from "@/screens/explore/table/Rows.module.css";
import { RowsTable } from "@/screens/explore/table/RowsTable";
import { Tagging } from "@/screens/explore/table/Tagging";
import { useMarks } from "@/screens/explore/table/useMarks";
import type { TableState } from "@/screens/explore/table/useTable";
import { count } from "@/shared/format";

interface RowsProps {
  exploration: Exploration;
  table: TableState;
}

export const Rows = memo(function Rows({ exploration, table }: RowsProps) {
  const { place } = useHere();
  const marks = useMarks(place, table.asked);
  const [isTagging, tagging] = useDisclosure(false);
  const n = marks.rows.size;
  return (
    <div className={classes.rows}>
      <div className={classes.toolbar}>
        <h2 className={classes.title}>Rows</h2>
        <SortedBy order={table.asked.order_by} />
        <div className={classes.tools}>
          {n > 0 && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              rightSection={<IconX size={13} aria-hidden />}
              onClick={marks.clear}
              aria-label={`${count(n)} marked; clear the marks`}
            >
              {count(n)} marked
            </Button>
          )}
          <Button
            size="compact-sm"
            variant={n > 0 ? "filled" : "default"}
            leftSection={<IconTag size={14} aria-hidden />}
            disabled={exploration.n === 0}
            onClick={tagging.open}
          >
            Tag
          </Button>
          <ColumnPicker />
        </div>
      </div>
      {exploration.n > 0 ? (
        <RowsTable table={table} marks={marks} onTag={tagging.open} />
      ) : (
        <NoRows exploration={exploration} />
      )}
      <Tagging exploration={exploration} marks={marks} isOpen={isTagging} onClose={tagging.close} />
    </div>
  );
});

function SortedBy({ order }: { order: string | undefined }) {
  const { set } = useSearch();
  const sorted = sortedBy(order);
  if (sorted.length === 0) return null;
  const text = sorted
    .map(({ operand, isDescending }) => `${operand} ${isDescending ? "↓" : "↑"}`)
    .join(", ");
  return (
    <Button
      size="compact-xs"
      variant="light"
      tt="none"
      rightSection={<IconX size={12} aria-hidden />}
      aria-label={`Sorted by ${order}; back to the order of the data`}
      onClick={() => set({ order_by: undefined, at: undefined })}
    >
      {text}
    </Button>
  );
}

function NoRows({ exploration }: { exploration: Exploration }) {
  return (
    <div className={classes.empty}>
      <Text fw={600}>No row meets all of this</Text>
      <Text size="sm" className="mp-soft">
        {exploration.chips.length > 1
          ? "Take one of the conditions above away, or undo the last one with Ctrl+Z."
          : "Take the condition above away, or write another one."}
      </Text>
    </div>
  );
}
