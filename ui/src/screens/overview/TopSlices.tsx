/** The slices that were found and confirmed, as sentences with a bar. */
import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { components } from "@/api/schema";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { SliceLine } from "@/screens/slices/SliceLine";
import classes from "@/screens/slices/Slices.module.css";
import { Panel } from "@/shared/Panel";

interface TopSlicesProps {
  part: components["schemas"]["SlicesPart"];
  isLoss: boolean;
}

export function TopSlices({ part, isLoss }: TopSlicesProps) {
  const { place } = useHere();
  const { search } = useSearch();
  const most = Math.max(...part.rows.map(({ value }) => value ?? 0), 0);
  const all = (
    <Anchor
      component={Link}
      size="sm"
      to="/e/$model/$dataset/slices"
      params={place as never}
      search={(search.where ? { where: search.where } : {}) as never}
    >
      All slices
    </Anchor>
  );
  return (
    <Panel title="Where it is wrong" says={part.note} actions={all}>
      {part.rows.length === 0 ? (
        <Text size="sm">
          No slice is significantly worse than the rest: errors are spread over the rows.
        </Text>
      ) : (
        <ol className={classes.list}>
          {part.rows.slice(0, 5).map((row) => (
            <SliceLine key={row.where} row={row} most={most} isLoss={isLoss} />
          ))}
        </ol>
      )}
    </Panel>
  );
}
