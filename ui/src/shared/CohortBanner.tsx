/** Which rows a screen is about, when it isn't about all of them; × looks at all again. */
import { CloseButton, Group, Text } from "@mantine/core";
import { useEvaluation } from "@/api/queries";
import type { CohortFacts } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import classes from "@/shared/CohortBanner.module.css";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, counted, percent } from "@/shared/format";

export function CohortBanner() {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const where = one(search, "where");
  const cohort = useEvaluation<CohortFacts>(place, "cohort", { where }, { enabled: !!where });
  if (!where) return null;
  return (
    <div className={classes.banner}>
      <Text size="sm" className="mp-sentence">
        Only {cohort.data ? withoutDot(cohort.data.sentence) : <code>{where}</code>}
        {cohort.data && (
          <span className="mp-soft">
            {" "}
            · {count(cohort.data.n)} of {counted(facts.n, "row")} ({percent(cohort.data.share)})
          </span>
        )}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <ExploreLink className={classes.link}>Explore</ExploreLink>
        <CloseButton
          size="sm"
          aria-label="Look at all rows"
          onClick={() => set({ where: undefined })}
        />
      </Group>
    </div>
  );
}

function withoutDot(sentence: string): string {
  return sentence.replace(/\.$/, "").replace(/^Rows/, "rows");
}
