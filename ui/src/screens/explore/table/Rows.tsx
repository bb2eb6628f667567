/** The middle of Explore: the rows, what they are sorted by, and what can be done with them. */
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { memo } from "react";
import type { Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/explore/table/Rows.module.css";
import { RowsTable } from "@/screens/explore/table/RowsTable";
import { RowsToolbar } from "@/screens/explore/table/RowsToolbar";
import { Tagging } from "@/screens/explore/table/Tagging";
import { useMarks } from "@/screens/explore/table/useMarks";
import { useTable, type View } from "@/screens/explore/table/useTable";
import { useSettled } from "@/screens/explore/useSettled";

interface RowsProps {
  /** The cohort of the address, for as long as there is no exploration. */
  where: string;
  exploration: Exploration | undefined;
  /** Whether the exploration is of the address, and no other one is on its way. */
  isFresh: boolean;
  view: View;
}

export const Rows = memo(function Rows({ where, exploration, isFresh, view }: RowsProps) {
  const { place } = useHere();
  const table = useTable(exploration?.where ?? where, view);
  const marks = useMarks(place, table.asked);
  const [isTagging, tagging] = useDisclosure(false);
  const { pages, asked } = table;
  useSettled(exploration?.where, isFresh && !pages.isStale && pages.key !== "");
  return (
    <div className={classes.rows}>
      <RowsToolbar
        order={asked.order_by}
        marked={marks.rows.size}
        canTag={exploration !== undefined && exploration.n > 0}
        onClear={marks.clear}
        onTag={tagging.open}
      />
      {exploration?.n === 0 ? (
        <NoRows conditions={exploration.chips.length} />
      ) : (
        <RowsTable table={table} marks={marks} onTag={tagging.open} />
      )}
      {exploration && (
        <Tagging
          exploration={exploration}
          marks={marks}
          isOpen={isTagging}
          onClose={tagging.close}
        />
      )}
    </div>
  );
});

function NoRows({ conditions }: { conditions: number }) {
  return (
    <div className={classes.empty}>
      <Text fw={600}>No row meets all of this</Text>
      <Text size="sm" className="mp-soft" mb="sm">
        {conditions > 1
          ? "Take one of the conditions above away."
          : "Take the condition above away, or write another one."}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => window.history.back()}>
        Back to where you were
      </Button>
    </div>
  );
}
