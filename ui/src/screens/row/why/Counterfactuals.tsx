/** The smallest changes that give another prediction, under the rules that a person sets. */
import { Button, Group, Select, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useWork } from "@/api/queries";
import type { Example, Counterfactuals as Found } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Answers } from "@/screens/row/why/Answers";
import classes from "@/screens/row/why/Counterfactuals.module.css";
import { RuleList } from "@/screens/row/why/RuleList";
import { type Rules, rulesBody, rulesOf, rulesSearch } from "@/screens/row/why/rules";
import { TargetRange } from "@/screens/row/why/TargetRange";
import { cell } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";

const ANY = "any other";

export function Counterfactuals({ example }: { example: Example }) {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const asked = rulesOf(search);
  const [rules, setRules] = useState<Rules>(asked);
  const isAsked = one(search, "find") !== undefined;
  const isNumber = facts.task.kind === "regression";
  const body = rulesBody(asked, isNumber);
  const work = useWork<Found>(
    place,
    `rows/${example.number}/counterfactuals`,
    {},
    { body, enabled: isAsked },
  );
  const isNew = JSON.stringify(rules) !== JSON.stringify(asked);
  const found = work.data?.result;
  return (
    <>
      <Text size="sm" mb="xs">
        The smallest plausible changes of this row that give another prediction.
      </Text>
      <div className={classes.form}>
        <Group gap="sm" align="end">
          {isNumber ? (
            <TargetRange rules={rules} setRules={setRules} />
          ) : (
            <Select
              size="xs"
              w={200}
              label="Wanted prediction"
              allowDeselect={false}
              data={[
                { value: "", label: `${ANY} than ${cell(example.prediction)}` },
                ...facts.task.classes
                  .map((name) => cell(name))
                  .filter((name) => name !== cell(example.prediction))
                  .map((name) => ({ value: name, label: name })),
              ]}
              value={rules.target ?? ""}
              onChange={(value) => setRules({ ...rules, target: value || undefined })}
            />
          )}
          <Button
            size="xs"
            leftSection={<IconSearch size={14} aria-hidden />}
            variant={isAsked && !isNew ? "default" : "light"}
            loading={isAsked && work.isFetching && !work.data}
            disabled={isAsked && !isNew}
            onClick={() => set({ ...rulesSearch(rules), find: "1" }, { replace: isAsked })}
          >
            {isAsked ? "Search again" : "Find counterfactuals"}
          </Button>
        </Group>
        <RuleList example={example} rules={rules} setRules={setRules} />
      </div>
      {isAsked && work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {isAsked && work.isLoading && <Loading label="Searching for counterfactuals" />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {found && <Answers found={found} example={example} />}
    </>
  );
}
