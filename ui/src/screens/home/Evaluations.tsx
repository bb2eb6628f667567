/** Evaluations by the data that they are about, so that models of the same rows stand together. */
import { Text, Title } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { exported } from "@/api/exported";
import type { EvaluationEntry, WorkspaceSummary } from "@/api/types";
import { byDataset, type OfDataset } from "@/screens/home/byDataset";
import classes from "@/screens/home/Home.module.css";
import { Estimate } from "@/shared/Estimate";
import { count, metricName, metricShow, when } from "@/shared/format";
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
          <Dataset key={group.dataset} group={group} />
        ))}
      </div>
    </>
  );
}

function Dataset({ group }: { group: OfDataset }) {
  const metric = group.items.find(({ headline }) => headline)?.headline?.metric;
  const says = [group.task, `${count(group.n)} rows`, metric && metricName(metric)];
  return (
    <Panel title={group.dataset} says={says.filter(Boolean).join(" · ")}>
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

function counted(n: number, thing: string): string {
  return `${count(n)} ${thing}${n === 1 ? "" : "s"}`;
}
