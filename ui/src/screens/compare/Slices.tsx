/** Cohorts found on the difference, the regressed first. */
import { Text } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { DifferenceSlice, ModelPair } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/compare/Compare.module.css";
import { Difference, mostOf } from "@/screens/compare/Difference";
import { Word } from "@/screens/compare/Word";
import actions from "@/shared/CohortActions.module.css";
import { allOf } from "@/shared/cohortText";
import { count, counted, metricName, metricShow, signed } from "@/shared/format";
import { MakeCheck } from "@/shared/MakeCheck";
import { OpenProblem } from "@/shared/OpenProblem";
import { Panel } from "@/shared/Panel";

export function Slices({ pair }: { pair: ModelPair }) {
  const { regressed, improved, search } = pair;
  if (!search) return null;
  const rows = [...regressed, ...improved];
  const most = mostOf(rows);
  return (
    <Panel
      title={titleOf(regressed.length, improved.length)}
      says="Cohorts found where the two models differ: searched on one half of the rows, measured on the other."
    >
      {rows.length > 0 && (
        <ol className={classes.slices}>
          {rows.map((row) => (
            <Slice key={row.where} row={row} pair={pair} most={most} />
          ))}
        </ol>
      )}
      <Text size="xs" className="mp-soft mp-sentence" mt={rows.length > 0 ? "sm" : 0}>
        {search.note}
      </Text>
    </Panel>
  );
}

function titleOf(worse: number, better: number): string {
  if (worse + better === 0) return "No cohort differs by more than chance";
  const told = [
    worse > 0 ? `worse in ${worse} ${worse === 1 ? "cohort" : "cohorts"}` : "",
    better > 0
      ? `better in ${better}${worse > 0 ? "" : better === 1 ? " cohort" : " cohorts"}`
      : "",
  ].filter(Boolean);
  const text = told.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface SliceProps {
  row: DifferenceSlice;
  pair: ModelPair;
  most: number;
}

function Slice({ row, pair, most }: SliceProps) {
  const { search } = useSearch();
  const show = metricShow(row.metric);
  const where = allOf(one(search, "where"), row.where);
  const [words = row.where] = row.sentence.split(`: ${row.metric} `);
  const changed = pair.groups.find(
    ({ name }) => name === (row.word === "worse" ? "broken" : "fixed"),
  );
  return (
    <li>
      <div>
        <p className={classes.rates}>
          <Word word={row.word} />
          <span>
            {metricName(row.metric)} {show(row.before)} → <b>{show(row.after)}</b>
          </span>
        </p>
        <Difference row={row} most={most} show={show} />
      </div>
      <div className={classes.words}>
        <p className="mp-sentence">{words}</p>
        <p className="mp-soft mp-note">
          {signed(row.rest, show)} elsewhere · {counted(row.confirmed_n, "row")} measured,{" "}
          {count(row.n)} in all
          {row.fixed >= 0 && ` · ${count(row.fixed)} fixed, ${count(row.broken)} broken`}
        </p>
        <div className={classes.acts}>
          <RowsLink where={where}>Open rows</RowsLink>
          {changed?.where && (
            <RowsLink where={allOf(row.where, changed.where)}>
              {row.word === "worse" ? "Broken rows" : "Fixed rows"}
            </RowsLink>
          )}
          <MakeCheck where={where} name={`no worse where ${row.where}`} />
          {row.word === "worse" && (
            <OpenProblem
              finding={{ kind: "slice", where, sentence: row.sentence }}
              title={`Worse since ${pair.model}: ${row.where}`}
            />
          )}
        </div>
      </div>
    </li>
  );
}

export function RowsLink({ where, children }: { where: string; children: string }) {
  const { place } = useHere();
  return (
    <Link
      to="/e/$model/$dataset/explore"
      params={place}
      search={{ where } as never}
      className={actions.button}
    >
      <IconTable size={14} aria-hidden /> {children}
    </Link>
  );
}
