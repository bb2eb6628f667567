/** Parts that show where it is wrong: the rows themselves. */
import { useHere } from "@/app/EvaluationFrame";
import { ExamplesPanel } from "@/screens/overview/ExamplesPanel";
import classes from "@/screens/overview/Overview.module.css";
import { Part } from "@/screens/overview/Part";
import type { OverviewQuery } from "@/screens/overview/useOverview";

export function ErrorParts({ query }: { query: OverviewQuery }) {
  const { facts } = useHere();
  const noun = facts.is_loss ? "Largest losses" : "Most confident mistakes";
  return (
    <Part query={query} title={noun} lines={8}>
      {({ mistakes, near_misses }) => (
        <div className={classes.stack}>
          {mistakes && (
            <ExamplesPanel
              name="mistakes"
              title={noun}
              says={facts.is_loss ? "It is furthest off here." : "Wrong, and sure of it."}
              part={mistakes}
              order={facts.is_loss ? "loss DESC" : "confidence DESC"}
              isWrong={!facts.is_loss}
            />
          )}
          {near_misses && (
            <ExamplesPanel
              name="near-misses"
              title="Near misses"
              says="Wrong by the smallest margin: a little more evidence would do."
              part={near_misses}
              order="margin"
              isWrong
            />
          )}
        </div>
      )}
    </Part>
  );
}
