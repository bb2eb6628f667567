/** Clusters of texts or vectors that fail in a like way, with words and examples. */
import { Blockquote, Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { Clusters } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/slices/Slices.module.css";
import { CohortActions } from "@/shared/CohortActions";
import { count, number, percent } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";
import { RateBar } from "@/shared/RateBar";

const EXAMPLES = 3;

export function ClustersView() {
  const { place, facts } = useHere();
  const { search } = useSearch();
  const work = useWork<Clusters>(place, "clusters", { where: one(search, "where") });
  const found = work.data?.result;
  const most = Math.max(...(found?.rows ?? []).map(({ rate }) => rate ?? 0), 0);
  const show = facts.is_loss ? number : percent;
  return (
    <Panel title={found ? headline(found) : "Clustering"} says={found?.note}>
      {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {work.isPending && <Loading label="Clustering" />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      <ol className={classes.list}>
        {found?.rows.map((row) => (
          <li key={row.cluster} className={classes.line}>
            <div>
              <div className={classes.rates}>
                <b className="mp-wrong">{show(row.rate)}</b>
                <span className="mp-soft">{show(row.rest)} elsewhere</span>
              </div>
              <RateBar
                value={row.rate}
                rest={row.rest}
                low={row.low}
                high={row.high}
                most={most * 1.15}
              />
            </div>
            <div className={classes.words}>
              <Text size="sm">{row.sentence}</Text>
              <div className={classes.facts}>
                <span>{count(row.n)} rows</span>
                <span>Words: {row.words}</span>
                {row.error_class && <span>Mostly {row.error_class}</span>}
              </div>
              {row.examples.slice(0, EXAMPLES).map((example) => (
                <Blockquote key={String(example)} p="xs" mt={6} fz="sm" color="gray">
                  {String(example)}
                </Blockquote>
              ))}
              <CohortActions where={row.where} suggested={`cluster-${row.cluster}`} />
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function headline(found: Clusters): string {
  const n = found.rows.length;
  if (n === 0) return `None of ${found.searched} clusters is significantly worse`;
  return `${n} of ${found.searched} clusters ${n === 1 ? "is" : "are"} significantly worse`;
}
