/** What the values of a feature do: the mean attribution of the rows that have them. */
import { Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { Dependence as Found } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import classes from "@/screens/overview/why/Misled.module.css";
import { DirectionLegend, DivergingBars } from "@/shared/DivergingBars";
import { counted } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";

interface DependenceProps {
  feature: string;
  where: string | undefined;
}

const MOST = 14; // values without a click

export function Dependence({ feature, where }: DependenceProps) {
  const { place } = useHere();
  const work = useWork<Found>(place, "dependence", { feature, where });
  const found = work.data?.result;
  return (
    <section aria-label={`What the values of ${feature} do`} aria-live="polite">
      <h3 className={classes.title}>What the values of {feature} do</h3>
      {work.isError && !found && <Failure error={work.error} retry={() => void work.refetch()} />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {work.isPending && <Loading label="Looking at its values" lines={6} />}
      {found && (
        <>
          <DirectionLegend up={`raise the ${found.output}`} down="lower it" />
          <DivergingBars
            rows={found.rows.map(({ value, n, attribution, low, high }) => ({
              name: value,
              says: `${counted(n, "row")}`,
              amount: attribution ?? 0,
              low,
              high,
            }))}
            shown={MOST}
            things="values"
          />
          {found.note && (
            <Text size="xs" className="mp-soft">
              {found.note}
            </Text>
          )}
        </>
      )}
    </section>
  );
}
