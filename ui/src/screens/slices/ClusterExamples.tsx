/** Typical wrong rows of a cluster: what they say, and what the model took them for. */
import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEvaluation } from "@/api/queries";
import type { RowsPage } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import classes from "@/screens/slices/ClusterExamples.module.css";
import { cell } from "@/shared/format";

const SHOWN = 3;

export function ClusterExamples({ rows, where }: { rows: readonly number[]; where: string }) {
  const { place, facts } = useHere();
  const shown = rows.slice(0, SHOWN);
  const text = facts.columns.find(({ type, is_reserved }) => type === "text" && !is_reserved)?.name;
  const columns = ["row", "label", "prediction", ...(text ? [text] : [])].filter(
    (name) => name === text || facts.columns.some((column) => column.name === name),
  );
  const params = { where: `row IN (${shown.join(", ")})`, columns, limit: SHOWN };
  const page = useEvaluation<RowsPage>(place, "rows", params, { enabled: shown.length > 0 });
  if (page.isError) return <Failure error={page.error} />;
  if (page.isPending) return <Loading lines={SHOWN} label="Reading examples" />;
  return (
    <ul className={classes.list} aria-label="Typical wrong rows">
      {page.data.rows.map((row) => (
        <li key={String(row.row)}>
          <Anchor
            component={Link}
            size="sm"
            to="/e/$model/$dataset/row/$row"
            params={{ ...place, row: String(row.row) } as never}
            search={{ where } as never}
          >
            {cell(row.row)}
          </Anchor>
          <span>
            {text && <span className={classes.text}>{cell(row[text])}</span>}
            {row.label !== undefined && (
              <span className="mp-soft">
                {cell(row.label)} → <span className="mp-wrong">{cell(row.prediction)}</span>
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
