/** What can be compared, where the address does not say it. */
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/compare/Compare.module.css";
import { namedIn, nameOf, type Rivals } from "@/screens/compare/useCompare";
import actions from "@/shared/CohortActions.module.css";
import { Panel } from "@/shared/Panel";

export function FirstSteps({ rivals }: { rivals: Rivals }) {
  const { facts } = useHere();
  const isOwn = ({ model }: { model: string }) => nameOf(model) === nameOf(facts.model);
  const all = [
    ...rivals.same.filter(isOwn),
    ...rivals.same.filter((item) => !isOwn(item)),
    ...rivals.other.filter(isOwn),
  ];
  if (all.length === 0) {
    return (
      <Panel
        title="No other model yet"
        says={`${facts.model} is the only one that was evaluated on ${nameOf(facts.dataset)}.`}
      >
        <Text size="sm">
          Evaluate its next version on the same data, and this page says what got better, what got
          worse, and for whom:
        </Text>
        <pre
          className={classes.code}
        >{`mispredict add predictions ${nameOf(facts.model)} ${nameOf(facts.dataset)} next.parquet`}</pre>
      </Panel>
    );
  }
  return (
    <Panel
      title="Against which model?"
      says={`Choose one above, or look at what another one changes, as compared with ${facts.model}:`}
    >
      <div className={classes.acts}>
        {all.slice(0, MOST).map((item) => (
          <Link
            key={item.ref}
            to="/e/$model/$dataset/compare"
            params={{ model: item.model, dataset: item.dataset }}
            search={{ against: namedIn(item.dataset, facts) } as never}
            className={actions.button}
          >
            {facts.model} → {item.dataset === facts.dataset ? item.model : item.ref}
          </Link>
        ))}
      </div>
    </Panel>
  );
}

const MOST = 8;
