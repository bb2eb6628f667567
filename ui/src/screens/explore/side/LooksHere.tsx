/** Importance in the selection and in the rest, and what misleads the model there. */
import { Link } from "@tanstack/react-router";
import { useWork } from "@/api/queries";
import type { Explanation } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import classes from "@/screens/explore/side/Looks.module.css";
import { Importances } from "@/screens/overview/why/Importances";
import { useNewColumns } from "@/screens/overview/why/useExplanation";
import { CohortLink } from "@/shared/CohortLink";
import { JobProgress } from "@/shared/JobProgress";

const SHOWN = 6;

export function LooksHere({ where }: { where: string }) {
  const { place } = useHere();
  const cohort = where === "" ? undefined : where;
  const work = useWork<Explanation>(place, "explanation", { where: cohort });
  const found = work.data?.result;
  useNewColumns(found);
  if (work.isError && !found) {
    return <Failure error={work.error} retry={() => void work.refetch()} />;
  }
  if (work.data?.job) return <JobProgress job={work.data.job} retry={work.restart} />;
  if (!found) return <Loading label="Asking the model why" lines={6} />;
  const misled = found.mispredictive?.rows ?? [];
  return (
    <>
      <Importances found={found} shown={SHOWN} />
      {misled.length > 0 && (
        <ul className={classes.misled}>
          {misled.map(({ feature, sentence, where: rows }) => (
            <li key={feature} className="mp-sentence">
              {rows === "" ? sentence : <CohortLink where={rows}>{sentence}</CohortLink>}
            </li>
          ))}
        </ul>
      )}
      <Link
        to="/e/$model/$dataset/overview"
        params={place}
        search={{ where: cohort, explain: "1" } as never}
        hash="looks-at"
        className={classes.link}
      >
        More on this: values, what misleads it, whether it holds
      </Link>
    </>
  );
}
