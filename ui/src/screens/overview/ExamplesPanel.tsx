/** Some rows worth looking at, each a link to all that is known of it. */
import { useEvaluation } from "@/api/queries";
import type { Examples, RowsPage } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { ExamplesTable } from "@/screens/overview/ExamplesTable";
import classes from "@/screens/overview/ExamplesTable.module.css";
import { allOf } from "@/shared/cohortText";
import { ExploreLink } from "@/shared/ExploreLink";
import { count } from "@/shared/format";
import { Panel } from "@/shared/Panel";

interface ExamplesPanelProps {
  name: string;
  title: string;
  says: string;
  part: Examples;
  order: string;
  isWrong: boolean; // only wrong rows are meant
}

const SHOWN = 8;

export function ExamplesPanel({ name, title, says, part, order, isWrong }: ExamplesPanelProps) {
  const { place } = useHere();
  const { search } = useSearch();
  const wrong = isWrong ? "NOT correct" : "";
  const where = allOf(one(search, "where"), wrong) || undefined;
  const columns = ["row", ...part.columns.filter((column) => column !== "row")];
  const params = { where, order_by: order, limit: SHOWN, columns };
  const rows = useEvaluation<RowsPage>(place, "rows", params);
  return (
    <Panel
      name={name}
      title={title}
      says={says}
      actions={
        <ExploreLink where={wrong} orderBy={order} className={classes.all}>
          All {count(part.total)}
        </ExploreLink>
      }
    >
      {rows.isError && <Failure error={rows.error} retry={() => void rows.refetch()} />}
      {rows.isPending && <Loading label="Reading rows" />}
      {rows.data && (
        <ExamplesTable
          name={name}
          part={part}
          rows={rows.data.rows}
          search={{ where, order_by: order }}
          isWrong={isWrong}
        />
      )}
    </Panel>
  );
}
