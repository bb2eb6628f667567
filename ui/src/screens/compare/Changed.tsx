/** Why a metric is another one than before: its difference divided among what changed. */
import { Button, Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { ChangedCohort, WhatChanged } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/compare/Compare.module.css";
import { Difference, mostOf } from "@/screens/compare/Difference";
import { Facts } from "@/screens/compare/Facts";
import { Waterfall } from "@/screens/compare/Waterfall";
import { CohortLink } from "@/shared/CohortLink";
import {
  count,
  counted,
  metricName,
  metricShow,
  percent,
  probability,
  signed,
} from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

const SHOWN_COHORTS = 8;

export function Changed({ before }: { before: string }) {
  const { place } = useHere();
  const { search, set } = useSearch();
  const mayCall = one(search, "calls") !== undefined;
  const threshold = one(search, "threshold");
  const work = useWork<WhatChanged>(place, "changed", {
    before,
    where: one(search, "where"),
    threshold,
    calls: mayCall,
  });
  const found = work.data?.result;
  return (
    <Panel
      title="What changed?"
      says={found && <span className="mp-sentence">{found.verdict}</span>}
    >
      {work.isPending && <Loading label="Dividing the difference" />}
      {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {found && (
        <>
          <Waterfall found={found} />
          {found.left_out.map((item) => (
            <Text key={item.factor} size="sm" className="mp-sentence" mt="xs">
              <b>{item.factor}</b>: {item.reason} <span className="mp-soft">Try: {item.hint}.</span>
            </Text>
          ))}
          {!mayCall && found.left_out.some(({ is_uncalled }) => is_uncalled) && (
            <Button size="xs" variant="default" mt="xs" onClick={() => set({ calls: "yes" })}>
              Call the models where an answer is missing
            </Button>
          )}
          {found.note && (
            <Text size="xs" className="mp-soft mp-sentence" mt="xs">
              {found.note}
            </Text>
          )}
          <Carried found={found} />
          <Facts found={found} />
        </>
      )}
    </Panel>
  );
}

/** Cohorts by what they carry of the difference. */
function Carried({ found }: { found: WhatChanged }) {
  const { cohorts, metric } = found;
  if (cohorts.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600} component="h3" mt="md" mb={4}>
        Cohorts that carry it
      </Text>
      <p className="mp-soft mp-note">
        What each adds to the {metricName(metric)} of all: by being more or fewer rows, and by its
        own {metricName(metric)} being another one. Cohorts overlap.
      </p>
      <ol className={classes.carried}>
        {cohorts.slice(0, SHOWN_COHORTS).map((cohort) => (
          <Cohort key={cohort.where} cohort={cohort} found={found} />
        ))}
      </ol>
    </>
  );
}

function Cohort({ cohort, found }: { cohort: ChangedCohort; found: WhatChanged }) {
  const show = metricShow(found.metric);
  const most = mostOf(found.cohorts);
  const isGood = found.higher_is_better !== false;
  const isUp = (cohort.carried ?? 0) > 0;
  const word = isUp === isGood ? "better" : "worse";
  return (
    <li>
      <div>
        <p className={classes.rates}>
          <b className={word === "better" ? "mp-right" : "mp-wrong"}>
            {signed(cohort.carried, show)}
          </b>
          <span className="mp-soft">
            {signed(cohort.rate, show)} within, {signed(cohort.mix, show)} by mix
          </span>
        </p>
        <Difference row={{ ...cohort, word }} most={most} show={show} />
      </div>
      <div className={classes.words}>
        <p>
          <CohortLink where={cohort.where}>{cohort.sentence}</CohortLink>
        </p>
        <p className="mp-soft mp-note">
          {show(cohort.value_before)} → {show(cohort.value_after)}, elsewhere{" "}
          {signed(cohort.elsewhere, show)} · {counted(cohort.n_before, "row")} (
          {percent(cohort.share_before)}) → {count(cohort.n_after)} ({percent(cohort.share_after)})
          · p {probability(cohort.p_adjusted)}
        </p>
      </div>
    </li>
  );
}
