/** Evaluations by the data that they are about, so that models of the same rows stand together. */
import { Text, Title } from "@mantine/core";
import { IconChevronRight, IconTable } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { exported } from "@/api/exported";
import type { EvaluationEntry, WorkspaceSummary } from "@/api/types";
import { byDataset, type OfDataset } from "@/screens/home/byDataset";
import { Datasets } from "@/screens/home/Datasets";
import classes from "@/screens/home/Home.module.css";
import actions from "@/shared/CohortActions.module.css";
import { Estimate } from "@/shared/Estimate";
import { counted, metricName, metricShow, when } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function Evaluations({ summary }: { summary: WorkspaceSummary }) {
  return (
    <>
      <div>
        <Title order={1}>{summary.name}</Title>
        <Text className="mp-soft" size="sm">
          {counted(summary.evaluations.length, "evaluation")} ·{" "}
          {counted(summary.models.length, "model")} · {counted(summary.datasets.length, "dataset")}
          {summary.cohorts.length > 0 && ` · ${counted(summary.cohorts.length, "saved cohort")}`}
          {!exported() && (
            <>
              {" · "}
              <Link to="/problems">problems</Link>
            </>
          )}
        </Text>
      </div>
      <div className={classes.grid}>
        {byDataset(summary.evaluations).map((group) => (
          <Dataset key={group.dataset} group={group} all={summary.evaluations} />
        ))}
      </div>
      <Datasets datasets={summary.datasets} />
    </>
  );
}

function Dataset({ group, all }: { group: OfDataset; all: readonly EvaluationEntry[] }) {
  const metric = group.items.find(({ headline }) => headline)?.headline?.metric;
  const says = [group.task, `${counted(group.n, "row")}`, metric && metricName(metric)];
  return (
    <Panel
      title={group.dataset}
      says={says.filter(Boolean).join(" · ")}
      actions={<BoardLink dataset={group.dataset} all={all} />}
    >
      <ul className={classes.list}>
        {group.items.map((item) => (
          <li key={item.ref}>
            <Model item={item} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** To the models side by side, where there are several, or several versions of the data. */
function BoardLink({ dataset, all }: { dataset: string; all: readonly EvaluationEntry[] }) {
  const [name = dataset] = dataset.split("@");
  const of = all.filter((item) => item.dataset.split("@")[0] === name);
  if (of.length < 2) return null;
  return (
    <Link to="/board/$dataset" params={{ dataset: name }} className={actions.button}>
      <IconTable size={14} aria-hidden /> Board
    </Link>
  );
}

function Model({ item }: { item: EvaluationEntry }) {
  const { headline } = item;
  return (
    <Link
      to="/e/$model/$dataset/overview"
      params={{ model: item.model, dataset: item.dataset }}
      className={classes.model}
    >
      <span className={classes.name}>
        <b>{item.model}</b>
        <span className="mp-soft">
          {when(item.created_at)} by {item.created_by}
        </span>
      </span>
      {headline ? (
        <Estimate {...headline} size="large" show={metricShow(headline.metric)} />
      ) : (
        <span className="mp-soft">not measured yet</span>
      )}
      <IconChevronRight size={16} aria-hidden />
    </Link>
  );
}
