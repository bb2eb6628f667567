/** A dataset by itself: the same tabs, with the predictions of a model where one is chosen. */
import { AppShell, Group, Text } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useDataset, useFacts } from "@/api/queries";
import type { DatasetEvaluation, DatasetFacts } from "@/api/types";
import { one } from "@/app/address";
import { HereProvider } from "@/app/EvaluationFrame";
import { iconUrl } from "@/app/icon";
import { Failure, Loading } from "@/app/states";
import { Tools } from "@/app/Tools";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/data/Data.module.css";
import { DatasetPicker, ModelPicker, NO_MODEL } from "@/screens/data/DatasetPicker";
import { DataTabs } from "@/screens/data/DataTabs";
import { Toasts } from "@/shared/Toasts";

export function DatasetPage() {
  const { dataset } = useParams({ from: "/data/$dataset" });
  const facts = useDataset<DatasetFacts>(dataset);
  const { search } = useSearch();
  const chosen = facts.data && chosenOf(facts.data, one(search, "evaluation"));
  const name = facts.data?.ref ?? dataset;
  useEffect(() => {
    document.title = `${name} · mispredict`;
  }, [name]);
  return (
    <AppShell header={{ height: 52 }} padding={0}>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Link to="/" className={classes.brand} aria-label="mispredict: all evaluations">
            <img src={iconUrl()} alt="" width={24} height={24} />
            <Text component="span" fw={700} visibleFrom="sm">
              mispredict
            </Text>
          </Link>
          <DatasetPicker dataset={name} />
          {facts.data && <ModelPicker facts={facts.data} chosen={chosen} />}
          <Tools />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="main">
        {facts.isPending && <Padded>{<Loading label="Opening the dataset" />}</Padded>}
        {facts.isError && !facts.data && (
          <Padded>
            <Failure error={facts.error} retry={() => void facts.refetch()} />
          </Padded>
        )}
        {facts.data &&
          (chosen ? (
            <WithModel key={chosen.ref} chosen={chosen} facts={facts.data} />
          ) : (
            <DataTabs facts={facts.data} />
          ))}
        <Toasts />
      </AppShell.Main>
    </AppShell>
  );
}

function WithModel({ chosen, facts }: { chosen: DatasetEvaluation; facts: DatasetFacts }) {
  const place = { model: chosen.model, dataset: facts.ref };
  const found = useFacts(place);
  if (found.isPending) return <Padded>{<Loading label="Opening the evaluation" />}</Padded>;
  if (!found.data) {
    return (
      <Padded>
        <Failure error={found.error} retry={() => void found.refetch()} />
      </Padded>
    );
  }
  return (
    <HereProvider value={{ place, facts: found.data }}>
      <DataTabs facts={facts} />
    </HereProvider>
  );
}

/** The evaluation that the address names; without a name the newest one. */
function chosenOf(facts: DatasetFacts, asked: string | undefined): DatasetEvaluation | undefined {
  if (asked === NO_MODEL) return undefined;
  return facts.evaluations.find(({ model }) => model === asked) ?? facts.evaluations[0];
}

function Padded({ children }: { children: ReactNode }) {
  return <div className={classes.page}>{children}</div>;
}
