/** Rows by what both models make of them, and the rows of a group side by side. */
import { SegmentedControl, Text } from "@mantine/core";
import type { ModelPair, RowGroup } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/compare/Compare.module.css";
import { SideBySide } from "@/screens/compare/SideBySide";
import { CohortLink } from "@/shared/CohortLink";
import { count, counted, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const TITLES: Record<string, string> = {
  fixed: "Fixed",
  broken: "Broken",
  both_wrong: "Both wrong",
  both_right: "Both right",
  nearer: "Nearer",
  further: "Further",
  equal: "Equal",
};
const FIRST = ["broken", "further"]; // what one looks at first

export function Rows({ pair }: { pair: ModelPair }) {
  const { search, set } = useSearch();
  const { groups } = pair;
  const known = groups.filter(({ n, where }) => n > 0 && where);
  const asked = one(search, "rows");
  const chosen =
    known.find(({ name }) => name === asked) ??
    known.find(({ name }) => FIRST.includes(name)) ??
    known[0];
  return (
    <Panel title={titleOf(groups)} says="What both models make of the same rows.">
      <div className={classes.stack} aria-hidden>
        {groups.map(({ name, share }) => (
          <i key={name} data-group={name} style={{ width: `${100 * (share ?? 0)}%` }} />
        ))}
      </div>
      <ul className={classes.groups}>
        {groups.map((group) => (
          <Group key={group.name} group={group} />
        ))}
      </ul>
      {chosen ? (
        <>
          <div className={classes.chooser}>
            <Text size="sm" fw={600} component="h3">
              Side by side
            </Text>
            <SegmentedControl
              size="xs"
              aria-label="Which rows"
              value={chosen.name}
              onChange={(rows) => set({ rows }, { replace: true })}
              data={known.map(({ name }) => ({ value: name, label: TITLES[name] ?? name }))}
            />
          </div>
          <SideBySide pair={pair} group={chosen} />
        </>
      ) : (
        <Text size="sm" className="mp-soft" mt="sm">
          The two evaluations are of different dataset versions, so that no cohort names these rows.
          Evaluate both models on one version to look at them.
        </Text>
      )}
    </Panel>
  );
}

function titleOf(groups: readonly RowGroup[]): string {
  const n = (name: string) => groups.find((group) => group.name === name)?.n;
  const [fixed, broken] = [n("fixed") ?? n("nearer"), n("broken") ?? n("further")];
  const words = groups.some(({ name }) => name === "nearer")
    ? (["nearer", "further"] as const)
    : (["fixed", "broken"] as const);
  return `${counted(fixed, "row")} ${words[0]}, ${count(broken)} ${words[1]}`;
}

function Group({ group }: { group: RowGroup }) {
  const { name, n, share, low, high, sentence, where } = group;
  const title = TITLES[name] ?? name;
  return (
    <li>
      <i data-group={name} aria-hidden />
      <span>
        <b>{where ? <CohortLink where={where}>{title}</CohortLink> : title}</b> {counted(n, "row")},{" "}
        {percent(share)}{" "}
        <span className="mp-soft">
          ({percent(low)} – {percent(high)})
        </span>
        <span className={classes.small}>{sentence}</span>
      </span>
    </li>
  );
}
