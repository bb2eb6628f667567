/** What the model looks at: importance here and in the rest, what misleads it, whether it holds. */
import { Button, Group, Text } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import type { Explanation } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Dependence } from "@/screens/overview/why/Dependence";
import { Faithful } from "@/screens/overview/why/Faithful";
import { Importances, tokensOf } from "@/screens/overview/why/Importances";
import classes from "@/screens/overview/why/LooksAt.module.css";
import { Misled } from "@/screens/overview/why/Misled";
import { useExplanation } from "@/screens/overview/why/useExplanation";
import { AddModel } from "@/shared/AddModel";
import { count } from "@/shared/format";
import { HowFound } from "@/shared/HowFound";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";

const SHOWN = 10;
const TITLE = "What the model looks at";

export function LooksAt() {
  const { facts } = useHere();
  const { search } = useSearch();
  const where = one(search, "where");
  const { work, found, isAsked, ask } = useExplanation(where);
  if (!facts.can_call_model) {
    return (
      <Panel name="looks-at" title={TITLE}>
        <AddModel />
      </Panel>
    );
  }
  return (
    <Panel name="looks-at" title={TITLE} says={found && saysOf(found)}>
      {!isAsked && <Offer ask={ask} isCohort={where !== undefined} />}
      {work.isError && !found && <Failure error={work.error} retry={() => void work.refetch()} />}
      {isAsked && work.isLoading && <Loading label="Asking the model why" lines={8} />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {found && (
        <div
          className={work.isPlaceholderData ? "mp-stale" : undefined}
          aria-busy={work.isFetching}
        >
          <Parts found={found} where={where} />
        </div>
      )}
    </Panel>
  );
}

function Offer({ ask, isCohort }: { ask: () => void; isCohort: boolean }) {
  return (
    <Group gap="md">
      <Button
        size="sm"
        variant="light"
        leftSection={<IconBulb size={16} aria-hidden />}
        onClick={ask}
      >
        Explain {isCohort ? "these rows" : "the model"}
      </Button>
      <Text size="sm" className="mp-soft" flex="1 1 260px">
        Which features move its answers, which mislead it, and whether that holds. The model is
        asked; it can be stopped.
      </Text>
    </Group>
  );
}

function saysOf({ about, note }: Explanation): string {
  const whole = about.n < about.asked ? ` of ${count(about.asked)}` : "";
  return `${count(about.n)}${whole} rows explained. ${note}`;
}

function Parts({ found, where }: { found: Explanation; where: string | undefined }) {
  const { search, set } = useSearch();
  const chosen = one(search, "feature");
  return (
    <>
      <div className={classes.parts}>
        <div>
          <Importances
            found={found}
            shown={SHOWN}
            chosen={chosen}
            choose={(feature) => set({ feature }, { replace: true })}
          />
          <Text size="xs" className="mp-soft" mt={6}>
            {tokensOf(found) === undefined
              ? "Click a feature to see what its values do."
              : "Click a token to see the rows that have it."}
          </Text>
          {found.mispredictive && (
            <div className={classes.misled}>
              <Misled found={found.mispredictive} />
            </div>
          )}
        </div>
        <div className={classes.side}>
          {chosen !== undefined && found.rows.some(({ feature }) => feature === chosen) && (
            <Dependence feature={chosen} where={where} />
          )}
          {found.faithfulness && <Faithful found={found.faithfulness} />}
        </div>
      </div>
      <div className={classes.how}>
        <HowFound about={found.about} />
      </div>
    </>
  );
}
