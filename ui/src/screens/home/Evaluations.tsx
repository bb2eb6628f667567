/** Evaluations by the data that they are about, so that models of the same rows stand together. */
import { Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { EvaluationEntry, WorkspaceSummary } from "@/api/types";
import { byDataset } from "@/screens/home/byDataset";
import classes from "@/screens/home/Home.module.css";
import { Estimate } from "@/shared/Estimate";
import { count, metricName, metricShow, when } from "@/shared/format";

export function Evaluations({ summary }: { summary: WorkspaceSummary }) {
  return (
    <>
      <div>
        <Title order={1}>{summary.name}</Title>
        <Text className="mp-soft" size="sm">
          {counted(summary.evaluations.length, "evaluation")} ·{" "}
          {counted(summary.models.length, "model")} · {counted(summary.datasets.length, "dataset")}
          {summary.cohorts.length > 0 && ` · ${counted(summary.cohorts.length, "saved cohort")}`}
        </Text>
      </div>
      {byDataset(summary.evaluations).map(({ dataset, task, n, items }) => (
        <section key={dataset} aria-label={dataset}>
          <Title order={2}>{dataset}</Title>
          <Text size="sm" className="mp-soft" mb="xs">
            {task} · {count(n)} rows
          </Text>
          <ul className={classes.list}>
            {items.map((item) => (
              <li key={item.ref}>
                <Card item={item} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Card({ item }: { item: EvaluationEntry }) {
  const { headline } = item;
  return (
    <Link
      to="/e/$model/$dataset/overview"
      params={{ model: item.model, dataset: item.dataset }}
      className={classes.card}
    >
      <Text fw={650} className={classes.name}>
        {item.model}
      </Text>
      {headline ? (
        <>
          <Text size="xs" className="mp-soft" mt={6}>
            {metricName(headline.metric)}
          </Text>
          <Estimate {...headline} size="large" show={metricShow(headline.metric)} />
        </>
      ) : (
        <Text size="sm" className="mp-soft" mt={6}>
          Not measured yet: open it.
        </Text>
      )}
      <Text size="xs" className="mp-soft" mt="sm">
        {when(item.created_at)} by {item.created_by}
      </Text>
    </Link>
  );
}

function counted(n: number, thing: string): string {
  return `${count(n)} ${thing}${n === 1 ? "" : "s"}`;
}
