/** Above the table: what it is sorted by, which rows are marked, tags and columns. */
import { Button } from "@mantine/core";
import { IconTag, IconX } from "@tabler/icons-react";
import { memo } from "react";
import { exported } from "@/api/exported";
import { useSearch } from "@/app/useSearch";
import { ColumnPicker } from "@/screens/explore/table/ColumnPicker";
import { HeldRows } from "@/screens/explore/table/HeldRows";
import { sortedBy } from "@/screens/explore/table/order";
import classes from "@/screens/explore/table/Rows.module.css";
import { count } from "@/shared/format";

interface RowsToolbarProps {
  order: string | undefined;
  marked: number;
  canTag: boolean;
  onClear: () => void;
  onTag: () => void;
}

export const RowsToolbar = memo(function RowsToolbar(props: RowsToolbarProps) {
  const { order, marked, canTag, onClear, onTag } = props;
  const held = exported();
  return (
    <div className={classes.toolbar}>
      <h2 className={classes.title}>Rows</h2>
      {!held && <SortedBy order={order} />}
      <div className={classes.tools}>
        {marked > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            rightSection={<IconX size={13} aria-hidden />}
            onClick={onClear}
            aria-label={`${count(marked)} marked; clear the marks`}
          >
            {count(marked)} marked
          </Button>
        )}
        {held ? (
          <HeldRows about={held.about} order={order} />
        ) : (
          <Button
            size="compact-sm"
            variant={marked > 0 ? "filled" : "default"}
            leftSection={<IconTag size={14} aria-hidden />}
            disabled={!canTag}
            onClick={onTag}
          >
            Tag
          </Button>
        )}
        <ColumnPicker />
      </div>
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
