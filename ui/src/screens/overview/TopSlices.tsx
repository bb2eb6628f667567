/** The slices that were found and confirmed, as sentences with a bar. */
import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { SlicesPart } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { axisOf, SliceLine } from "@/screens/slices/SliceLine";
import classes from "@/screens/slices/Slices.module.css";
import { Panel } from "@/shared/Panel";
import { RateLegend } from "@/shared/RateBar";

const SHOWN = 5;

export function TopSlices({ part, isLoss }: { part: SlicesPart; isLoss: boolean }) {
  const { place } = useHere();
  const { search } = useSearch();
  const rows = part.rows.slice(0, SHOWN);
  const most = axisOf(rows);
  const all = (
    <Anchor
      component={Link}
      size="sm"
      to="/e/$model/$dataset/slices"
      params={place as never}
      search={(search.where ? { where: search.where } : {}) as never}
    >
      {part.rows.length > SHOWN ? `All ${part.rows.length} slices` : "Slices"}
    </Anchor>
  );
  return (
    <Panel name="slices" title="Where it is wrong" says={part.note} actions={all}>
      {rows.length === 0 ? (
        <Text size="sm">Single values are below; Slices searches by other rules.</Text>
      ) : (
        <>
          <RateLegend
            measure={isLoss ? "mean loss" : "wrong"}
            range="elsewhere plus the interval of the difference"
          />
          <ol className={classes.list}>
            {rows.map((row) => (
              <SliceLine key={row.where} row={row} most={most} isLoss={isLoss} />
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}
