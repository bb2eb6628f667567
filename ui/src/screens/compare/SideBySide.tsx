/** Rows with the answers of both models; a row leads to all that is known of it, of either. */
import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEvaluation } from "@/api/queries";
import type { ColumnFacts, ModelPair, RowGroup, RowsPage } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/compare/Compare.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { quoted } from "@/shared/cohortText";
import { cell, count } from "@/shared/format";
import { Scroll } from "@/shared/Scroll";

const SHOWN = 12;
const MOST_INPUTS = 6;

interface SideBySideProps {
  pair: ModelPair;
  group: RowGroup;
}

export function SideBySide({ pair, group }: SideBySideProps) {
  const { place, facts } = useHere();
  const { search } = useSearch();
  const isElsewhere = !pair.baseline.endsWith(`/${facts.dataset}`);
  const against = isElsewhere ? pair.baseline : pair.against;
  const of = (column: string) => `${column}(${quoted(against)})`;
  const has = (name: string) => facts.columns.some((c) => c.name === name && c.is_reserved);
  const answers = ["prediction", "confidence", "loss"].filter(has);
  const inputs = inputsOf(facts.columns);
  const label = has("label") ? ["label"] : [];
  const columns = ["row", ...label, ...answers.flatMap((name) => [of(name), name]), ...inputs];
  const worst = ["fixed", "nearer"].includes(group.name) && has("loss") ? of("loss") : "loss";
  const found = useEvaluation<RowsPage>(place, "rows", {
    where: group.where,
    columns,
    order_by: has("loss") ? `${worst} DESC` : undefined,
    limit: SHOWN,
  });
  if (found.isPending) return <Loading label="Reading the rows" />;
  if (!found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { rows, total } = found.data;
  return (
    <>
      <Scroll label="Table of rows, side by side">
        <Table className={classes.table} verticalSpacing={5} horizontalSpacing="sm" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th colSpan={2} scope="colgroup">
                row
              </Table.Th>
              {label.length > 0 && <Table.Td />}
              {answers.map((name) => (
                <Table.Th key={name} colSpan={2} scope="colgroup" className={classes.both}>
                  {name}
                </Table.Th>
              ))}
              {inputs.length > 0 && <Table.Td colSpan={inputs.length} />}
            </Table.Tr>
            <Table.Tr>
              <Table.Th className={classes.before}>{against}</Table.Th>
              <Table.Th>{pair.model}</Table.Th>
              {label.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
              {answers.flatMap((name) => [
                <Table.Th key={`${name} before`} className={classes.before}>
                  {against}
                </Table.Th>,
                <Table.Th key={name}>{pair.model}</Table.Th>,
              ])}
              {inputs.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={String(row.row)}>
                <RowLinks pair={pair} row={String(row.row)} where={group.where} />
                {label.map((name) => (
                  <Table.Td key={name}>{cell(row[name])}</Table.Td>
                ))}
                {answers.flatMap((name) => [
                  <Said key={`${name} before`} row={row} name={name} column={of(name)} isBefore />,
                  <Said key={name} row={row} name={name} column={name} />,
                ])}
                {inputs.map((name) => (
                  <Table.Td key={name} className={classes.cell} title={cell(row[name])}>
                    <span>{cell(row[name])}</span>
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      {isElsewhere && (
        <p className="mp-soft mp-note">
          What {against} says of the same rows in the other version of the data; right and wrong go
          by the labels of {facts.dataset}.
        </p>
      )}
      {one(search, "threshold") !== undefined && (
        <p className="mp-soft mp-note">
          Which rows are {group.name.replace("_", " ")} goes by the threshold; the predictions shown
          are the models' own.
        </p>
      )}
      {total > rows.length && (
        <p className="mp-note">
          <CohortLink where={group.where}>All {count(total)} rows in Explore</CohortLink>
        </p>
      )}
    </>
  );
}

interface SaidProps {
  row: RowsPage["rows"][number];
  name: string;
  column: string;
  isBefore?: boolean;
}

/** An answer; a wrong prediction is marked. */
function Said({ row, name, column, isBefore }: SaidProps) {
  const value = row[column];
  const isJudged = name === "prediction" && typeof row.label !== "number";
  const isWrong = isJudged && "label" in row && value !== row.label;
  return (
    <Table.Td
      className={isBefore ? classes.before : undefined}
      data-wrong={isWrong || undefined}
      title={isWrong ? "wrong" : undefined}
    >
      {typeof value === "number" && name !== "prediction" ? value.toFixed(3) : cell(value)}
    </Table.Td>
  );
}

function RowLinks({ pair, row, where }: { pair: ModelPair; row: string; where: string }) {
  const own = { evaluation: pair.evaluation, model: pair.model, search: { where } };
  const other = { evaluation: pair.baseline, model: pair.against, search: {} };
  const isElsewhere = datasetOf(pair.baseline) !== datasetOf(pair.evaluation);
  const links = isElsewhere ? [own] : [other, own];
  return (
    <>
      {isElsewhere && (
        <Table.Td className="mp-soft" title="Rows have other numbers in another version">
          –
        </Table.Td>
      )}
      {links.map(({ evaluation, model, search }) => {
        const [name = "", dataset = ""] = evaluation.split("/");
        return (
          <Table.Td key={evaluation}>
            <Link
              to="/e/$model/$dataset/row/$row"
              params={{ model: name, dataset, row } as never}
              search={search as never}
              aria-label={`Row ${row} of ${model}`}
              className={classes.link}
            >
              {row}
            </Link>
          </Table.Td>
        );
      })}
    </>
  );
}

function datasetOf(evaluation: string): string | undefined {
  return evaluation.split("/")[1];
}

/** The id and the first inputs, without long ones. */
function inputsOf(columns: readonly ColumnFacts[]): string[] {
  const own = columns.filter(({ is_reserved }) => !is_reserved);
  const ids = own.filter(({ role }) => role === "id");
  const inputs = own.filter(({ role, view }) => !["id", "label"].includes(role) && view !== "none");
  return [...ids, ...inputs].slice(0, MOST_INPUTS).map(({ name }) => name);
}
