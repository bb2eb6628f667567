/** Parts that show where it is wrong: the rows themselves. */
import { useHere } from "@/app/EvaluationFrame";
import { ExamplesPanel } from "@/screens/overview/ExamplesPanel";
import classes from "@/screens/overview/Overview.module.css";
import { Part } from "@/screens/overview/Part";
import type { OverviewQuery } from "@/screens/overview/useOverview";

const LOSSES = { title: "Largest losses", says: "It is furthest off here.", order: "loss DESC" };
const CONFIDENT = {
  title: "Most confident mistakes",
  says: "Wrong, and sure of it.",
  order: "confidence DESC",
};
const MISTAKES = { title: "Mistakes", says: "How sure it was is not known.", order: "row" };

export function ErrorParts({ query }: { query: OverviewQuery }) {
  const { facts } = useHere();
  const isSure = facts.columns.some(
    ({ name, is_reserved }) => is_reserved && name === "confidence",
  );
  const most = facts.is_loss ? LOSSES : isSure ? CONFIDENT : MISTAKES;
  return (
    <Part query={query} title={most.title} lines={8}>
      {({ mistakes, near_misses }) => (
        <div className={classes.stack}>
          {mistakes && (
            <ExamplesPanel name="mistakes" {...most} part={mistakes} isWrong={!facts.is_loss} />
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
