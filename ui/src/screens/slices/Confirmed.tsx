/** Slices that other rows confirmed, worst first, on one axis. */
import type { SliceRow, SlicesFound } from "@/api/types";
import { suggestedName } from "@/screens/slices/names";
import { isRate } from "@/screens/slices/options";
import { axisOf, SliceLine } from "@/screens/slices/SliceLine";
import classes from "@/screens/slices/Slices.module.css";
import { CohortActions } from "@/shared/CohortActions";
import { counted, probability } from "@/shared/format";
import { RateLegend } from "@/shared/RateBar";

const TIMES = 1.05; // from which "times as often" says something

export function Confirmed({ found }: { found: SlicesFound }) {
  if (found.rows.length === 0) return null;
  const rates = isRate(found.objective);
  const most = axisOf(found.rows);
  return (
    <>
      <RateLegend
        measure={measureOf(found.objective)}
        range="elsewhere plus the 95 % interval of the difference"
      />
      <ol className={classes.list}>
        {found.rows.map((row) => (
          <SliceLine
            key={row.where}
            row={row}
            most={most}
            isLoss={!rates}
            facts={<span>{evidence(row)}</span>}
            actions={<CohortActions where={row.where} suggested={suggestedName(row.where)} />}
          />
        ))}
      </ol>
    </>
  );
}

function evidence(row: SliceRow): string {
  const lift = row.lift !== null && row.lift >= TIMES ? `${times(row.lift)} times the rest; ` : "";
  return `${lift}confirmed on ${counted(row.confirmed_n, "row")} that the search did not see (p ${probability(row.p_adjusted)}).`;
}

function times(lift: number): string {
  return lift.toFixed(1);
}

function measureOf(objective: string): string {
  if (objective === "error") return "wrong";
  if (objective.startsWith("false_negative")) return "missed";
  if (objective.startsWith("false_positive")) return "false alarms";
  return objective === "loss" ? "mean loss" : `mean ${objective}`;
}
