/** The nodes of an error tree, each under the one that it splits. */
import type { ErrorTree, TreeNode } from "@/api/types";
import classes from "@/screens/slices/Nodes.module.css";
import { Estimate } from "@/shared/Estimate";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, percent } from "@/shared/format";
import { RateBar, RateLegend } from "@/shared/RateBar";
import { Scroll } from "@/shared/Scroll";

const INDENT = 20; // px for each level

export function Nodes({ tree }: { tree: ErrorTree }) {
  const most = Math.max(0, ...tree.rows.flatMap(({ high, rest }) => [high ?? 0, rest ?? 0]));
  return (
    <>
      <RateLegend measure={tree.is_loss ? "mean loss" : "wrong"} />
      <Scroll label="Error tree">
        <table className={classes.tree}>
          <thead>
            <tr>
              <th scope="col">Rows where</th>
              <th scope="col" className={classes.number}>
                Rows
              </th>
              <th scope="col">{tree.is_loss ? "Mean loss" : "Wrong"}</th>
              <th scope="col" className={classes.number}>
                Of all {tree.is_loss ? "loss" : "errors"}
              </th>
            </tr>
          </thead>
          <tbody>
            {tree.rows.map((node) => (
              <Node key={node.node} node={node} most={most} isLoss={tree.is_loss} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function Node({ node, most, isLoss }: { node: TreeNode; most: number; isLoss: boolean }) {
  const isGood = node.rest !== null && (node.rate ?? 0) < node.rest;
  return (
    <tr data-leaf={node.is_leaf || undefined}>
      <th scope="row" title={node.sentence}>
        <span
          className={classes.condition}
          data-inner={node.depth > 0 || undefined}
          style={{ marginLeft: Math.max(0, node.depth - 1) * INDENT }}
        >
          <ExploreLink where={node.where} label={node.sentence}>
            {node.condition || "all rows"}
          </ExploreLink>
        </span>
      </th>
      <td className={classes.number}>{count(node.n)}</td>
      <td className={classes.rate}>
        <Estimate
          value={node.rate}
          low={node.low}
          high={node.high}
          n={node.confirmed_n}
          show={isLoss ? number : percent}
        />
        <RateBar
          value={node.rate}
          rest={node.rest}
          low={node.low}
          high={node.high}
          most={most}
          isGood={isGood}
        />
      </td>
      <td className={classes.number}>{percent(node.share_of_errors)}</td>
    </tr>
  );
}
