/** The error tree, indented; each node is a cohort. */
import { Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { ErrorTree } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { Nodes } from "@/screens/slices/Nodes";
import { JobProgress } from "@/shared/JobProgress";
import { NumberField } from "@/shared/NumberField";
import { Panel } from "@/shared/Panel";

const LEVELS = 3;

export function TreeView() {
  const { place } = useHere();
  const { search, set } = useSearch();
  const params = { where: one(search, "where"), depth: one(search, "depth") };
  const work = useWork<ErrorTree>(place, "tree", params);
  const tree = work.data?.result;
  return (
    <Panel
      title={tree ? headline(tree) : "Growing the tree"}
      says={tree?.note || "Split on one half of the rows, measured on the other."}
      actions={
        <NumberField
          label="Levels"
          size="xs"
          w={90}
          min={1}
          max={6}
          value={Number(one(search, "depth") ?? LEVELS)}
          take={(value) => set({ depth: value === LEVELS ? undefined : String(value) })}
        />
      }
    >
      {work.isError && !tree && <Failure error={work.error} retry={() => void work.refetch()} />}
      {work.isPending && <Loading label="Growing the tree" />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {tree && tree.rows.length <= 1 && (
        <Text size="sm">No split parts right from wrong on rows that it was not chosen on.</Text>
      )}
      {tree && tree.rows.length > 1 && <Nodes tree={tree} />}
    </Panel>
  );
}

function headline(tree: ErrorTree): string {
  const leaves = tree.rows.filter((node) => node.is_leaf).length;
  return leaves > 1 ? `${leaves} groups, the worse side of each split first` : "One group";
}
