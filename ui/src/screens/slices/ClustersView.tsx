/** Clusters of texts or vectors that fail in a like way, with words and examples. */
import { Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { Cluster, Clusters } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { ClusterExamples } from "@/screens/slices/ClusterExamples";
import { suggestedName } from "@/screens/slices/names";
import classes from "@/screens/slices/Slices.module.css";
import { CohortActions } from "@/shared/CohortActions";
import { ExploreLink } from "@/shared/ExploreLink";
import { counted, number, percent, probability } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";
import { RateBar, RateLegend } from "@/shared/RateBar";

export function ClustersView() {
  const { place, facts } = useHere();
  const { search } = useSearch();
  const work = useWork<Clusters>(place, "clusters", { where: one(search, "where") });
  const found = work.data?.result;
  const rows = found?.rows ?? [];
  const most = Math.max(0, ...rows.flatMap(({ high, rest }) => [high ?? 0, rest ?? 0]));
  return (
    <Panel title={found ? headline(found) : "Clustering"} says={found?.note}>
      {work.isError && !found && <Failure error={work.error} retry={() => void work.refetch()} />}
      {work.isPending && <Loading label="Clustering" />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {found && rows.length === 0 && (
        <Text size="sm">No group of like rows is wrong more often than chance explains.</Text>
      )}
      {rows.length > 0 && <RateLegend measure={facts.is_loss ? "mean loss" : "wrong"} />}
      <ol className={classes.list}>
        {rows.map((row) => (
          <OneCluster key={row.cluster} row={row} most={most} isLoss={facts.is_loss} />
        ))}
      </ol>
    </Panel>
  );
}

function OneCluster({ row, most, isLoss }: { row: Cluster; most: number; isLoss: boolean }) {
  const show = isLoss ? number : percent;
  const where = row.where || row.words_where;
  const words = row.words.split(", ").slice(0, 3).join(" ");
  return (
    <li className={classes.line}>
      <div>
        <div className={classes.rates}>
          <b className="mp-wrong">{show(row.rate)}</b>
          <span className="mp-soft">{show(row.rest)} elsewhere</span>
        </div>
        <RateBar value={row.rate} rest={row.rest} low={row.low} high={row.high} most={most} />
      </div>
      <div className={classes.words}>
        <ExploreLink where={where} className={classes.sentence}>
          {row.sentence}
        </ExploreLink>
        <div className={classes.facts}>
          <span>
            {percent(row.share)} of the rows, {percent(row.share_of_errors)} of all{" "}
            {isLoss ? "loss" : "errors"}
          </span>
          <span>
            measured on {counted(row.confirmed_n, "row")} that it was not found on (p{" "}
            {probability(row.p_adjusted)})
          </span>
          {row.labels && <span>labels: {row.labels}</span>}
          {row.words_where && <ByWords row={row} />}
        </div>
        <ClusterExamples rows={row.examples} where={where} />
        <CohortActions where={where} suggested={suggestedName(words || `cluster ${row.cluster}`)} />
      </div>
    </li>
  );
}

/** Nearly the same rows as a condition on words, which holds for other data too. */
function ByWords({ row }: { row: Cluster }) {
  return (
    <span>
      nearly the same: <ExploreLink where={row.words_where}>{row.words_where}</ExploreLink> (
      {percent(row.words_precision, 0)} of its rows are in it, of which it has{" "}
      {percent(row.words_recall, 0)})
    </span>
  );
}

function headline(found: Clusters): string {
  const n = found.rows.length;
  if (n === 0) return `None of ${found.searched} clusters is significantly worse`;
  return `${n} of ${found.searched} clusters ${n === 1 ? "is" : "are"} significantly worse`;
}
