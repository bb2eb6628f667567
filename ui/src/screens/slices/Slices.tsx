/** Where the model is wrong: slices found by search, the error tree, clusters. */
import { SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { ClustersView } from "@/screens/slices/ClustersView";
import { Found } from "@/screens/slices/Found";
import classes from "@/screens/slices/Slices.module.css";
import { TreeView } from "@/screens/slices/TreeView";
import { CohortBanner } from "@/shared/CohortBanner";

const VIEWS = {
  search: { title: "Slices", says: "Conditions under which it fails more often than elsewhere." },
  tree: { title: "Error tree", says: "One split after the other: where to look next." },
  clusters: { title: "Clusters", says: "Groups of like texts or vectors on which it fails." },
};

export function Slices() {
  const { facts } = useHere();
  const { search, set } = useSearch();
  const hasClusters = facts.has_text || facts.columns.some(({ type }) => type === "vector");
  const asked = one(search, "view");
  const view = asked === "tree" || (asked === "clusters" && hasClusters) ? asked : "search";
  return (
    <Stack className={classes.page} gap="md">
      <div className={classes.options}>
        <div>
          <Title order={1}>{VIEWS[view].title}</Title>
          <Text size="sm" className="mp-soft">
            {VIEWS[view].says}
          </Text>
        </div>
        <SegmentedControl
          ml="auto"
          size="sm"
          value={view}
          onChange={(next) => set({ view: next === "search" ? undefined : next })}
          data={[
            { value: "search", label: "Slices" },
            { value: "tree", label: "Error tree" },
            ...(hasClusters ? [{ value: "clusters", label: "Clusters" }] : []),
          ]}
          aria-label="Way of finding"
        />
      </div>
      <CohortBanner />
      {view === "search" && <Found />}
      {view === "tree" && <TreeView />}
      {view === "clusters" && <ClustersView />}
    </Stack>
  );
}
