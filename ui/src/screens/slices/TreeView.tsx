/** The error tree, indented; each node is a cohort. */
import { NumberInput, Text } from "@mantine/core";
import { useWork } from "@/api/queries";
import type { ErrorTree, TreeNode } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/slices/Slices.module.css";
import { Estimate } from "@/shared/Estimate";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, percent } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { Panel } from "@/shared/Panel";
import { RateBar } from "@/shared/RateBar";

export function TreeView() {
  const { place } = useHere();
  const { search, set } = useSearch();
  const params = { where: one(search, "where"), depth: one(search, "depth") };
  const work = useWork<ErrorTree>(place, "tree", params);
  const tree = work.data?.result;
  return (
    <Panel
      title="Error tree"
      says={tree?.note || "Split on one half of the rows, measured on the other."}
      actions={
        <NumberInput
          label="Levels"
          size="xs"
          w={90}
          min={1}
          max={6}
          value={Number(one(search, "depth") ?? 3)}
          onChange={(value) => set({ depth: value === 3 ? undefined : String(value) })}
        />
      }
    >
      {work.isError && <Failure error={work.error} retry={() => void work.refetch()} />}
      {work.isPending && <Loading label="Growing the tree" />}
      {work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {tree && tree.rows.length <= 1 && (
        <Text size="sm">No split separates errors from the rest on rows it was not chosen on.</Text>
      )}
      {tree && tree.rows.length > 1 && <Nodes tree={tree} />}
    </Panel>
  );
}

function Nodes({ tree }: { tree: ErrorTree }) {
  const most = Math.max(...tree.rows.map(({ high, rate }) => high ?? rate ?? 0), 0);
  return (
    <table className={classes.tree}>
      <thead>
        <tr>
          <th scope="col">Rows where</th>
          <th scope="col" className={classes.number}>
            rows
          </th>
          <th scope="col">{tree.is_loss ? "mean loss" : "wrong"}</th>
          <th scope="col" className={classes.number}>
            of all {tree.is_loss ? "loss" : "errors"}
          </th>
        </tr>
      </thead>
      <tbody>
        {tree.rows.map((node) => (
          <Node key={node.node} node={node} most={most} isLoss={tree.is_loss} />
        ))}
      </tbody>
    </table>
  );
}

function Node({ node, most, isLoss }: { node: TreeNode; most: number; isLoss: boolean }) {
  return (
    <tr>
      <td style={{ paddingLeft: node.depth * 22 }}>
        <ExploreLink where={node.where} label={node.sentence}>
          {node.condition || "all rows"}
        </ExploreLink>
      </td>
      <td className={classes.number}>{count(node.n)}</td>
      <td>
        <Estimate
          value={node.rate}
          low={node.low}
          high={node.high}
          n={node.confirmed_n}
          show={isLoss ? number : percent}
        />
        <RateBar value={node.rate} rest={node.rest} low={node.low} high={node.high} most={most} />
      </td>
      <td className={classes.number}>{percent(node.share_of_errors)}</td>
    </tr>
  );
}
