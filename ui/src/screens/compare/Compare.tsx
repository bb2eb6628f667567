/** This model beside others on the same rows: better or worse, for whom, and by which rows. */
import { Group, Stack, Text, Title } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEvaluation } from "@/api/queries";
import type { CohortFacts } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Changed } from "@/screens/compare/Changed";
import classes from "@/screens/compare/Compare.module.css";
import { FirstSteps } from "@/screens/compare/FirstSteps";
import { Found } from "@/screens/compare/Found";
import { Sides } from "@/screens/compare/Sides";
import {
  faultOfBy,
  nameOf,
  useAgainst,
  useComparison,
  useRivals,
} from "@/screens/compare/useCompare";
import actions from "@/shared/CohortActions.module.css";
import { CohortBanner } from "@/shared/CohortBanner";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

export function Compare() {
  const { place, facts } = useHere();
  const { search } = useSearch();
  const rivals = useRivals();
  const against = useAgainst();
  const where = one(search, "where");
  const cohort = useEvaluation<CohortFacts>(place, "cohort", { where }, { enabled: !!where });
  const isAsked = against.length > 0 && (!where || cohort.isSuccess);
  const work = useComparison(isAsked ? against : []);
  const fault = faultOfBy(work.error, many(search, "by") ?? []);
  const found = isAsked ? work.data?.result : undefined;
  const isStale = work.isPlaceholderData || undefined;
  return (
    <Stack gap="md" className={classes.page}>
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1}>Compare</Title>
          <Text size="sm" className="mp-soft">
            Whether {facts.model} is better than another model, for whom, and by which rows.
          </Text>
        </div>
        <Link
          to="/board/$dataset"
          params={{ dataset: nameOf(facts.dataset) }}
          className={actions.button}
        >
          <IconTable size={14} aria-hidden /> Board of {nameOf(facts.dataset)}
        </Link>
      </Group>
      <CohortBanner />
      {!rivals && <Loading label="Looking for other models" />}
      {cohort.isError && <Failure error={cohort.error} />}
      {rivals && <Sides rivals={rivals} against={against} fault={fault} />}
      {rivals && against.length === 0 && <FirstSteps rivals={rivals} />}
      {isAsked && !found && fault === undefined && (
        <Panel title={`${facts.model} against ${against.join(", ")}`}>
          {work.isPending && <Loading label="Comparing" />}
          {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
          {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
        </Panel>
      )}
      {found && (
        <div className={isStale && "mp-stale"} aria-busy={isStale}>
          <Found found={found} />
        </div>
      )}
      {isAsked && against[0] && <Changed key={against[0]} before={against[0]} />}
    </Stack>
  );
}
