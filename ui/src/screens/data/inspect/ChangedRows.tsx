/** Rows that came, went, or changed: each kind in its place, changed cells before and after. */
import { Tabs } from "@mantine/core";
import type { DatasetDiff, RowChange } from "@/api/types";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { DataRows, RowNumber, Value } from "@/screens/data/inspect/DataRows";
import classes from "@/screens/data/inspect/Inspect.module.css";
import actions from "@/shared/CohortActions.module.css";
import { CohortLink } from "@/shared/CohortLink";
import { cell, count, counted } from "@/shared/format";
import { OpenProblem } from "@/shared/OpenProblem";
import { Panel } from "@/shared/Panel";

export function ChangedRows({ found }: { found: DatasetDiff }) {
  const { added, removed, changed, where_added, where_removed, where_changed } = found;
  const kinds = [
    { name: "changed", n: changed, where: where_changed, dataset: found.after },
    { name: "added", n: added, where: where_added, dataset: found.after },
    { name: "removed", n: removed, where: where_removed, dataset: found.before },
  ].filter(({ n }) => n > 0);
  const [first] = kinds;
  if (!first) return null;
  return (
    <Panel title="Rows">
      <Tabs defaultValue={first.name} keepMounted={false} variant="pills">
        <Tabs.List mb="sm" aria-label="Rows that are">
          {kinds.map(({ name, n }) => (
            <Tabs.Tab key={name} value={name}>
              {count(n)} {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {kinds.map(({ name, where, dataset }) => (
          <Tabs.Panel key={name} value={name}>
            {name === "changed" ? (
              <Cells rows={found.examples} n={changed} keyed={found.key} />
            ) : (
              <DataRows where={where} dataset={dataset} />
            )}
            {name !== "removed" && <Acts where={where} found={found} name={name} />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}

interface ActsProps {
  where: string;
  found: DatasetDiff;
  name: string;
}

function Acts({ where, found, name }: ActsProps) {
  const here = useMaybeHere();
  if (!here || !where) return null;
  return (
    <div className={classes.actions}>
      <CohortLink where={where} className={actions.button}>
        Open rows
      </CohortLink>
      <OpenProblem
        finding={{ kind: "dataset diff", where, sentence: found.sentence }}
        title={`Rows ${name} since ${found.before}`}
      />
    </div>
  );
}

interface CellsProps {
  rows: readonly RowChange[];
  n: number;
  keyed: string;
}

function Cells({ rows, n, keyed }: CellsProps) {
  return (
    <>
      <ul className={`mp-plain ${classes.cells}`}>
        {rows.map((row) => (
          <li key={row.row_after}>
            <span className={classes.which}>
              row <RowNumber row={row.row_after} isOwn />
              {keyed && (
                <small className="mp-soft">
                  {" "}
                  {keyed} {cell(row.key)}
                </small>
              )}
            </span>
            <dl>
              {row.changes.map(({ column, before, after }) => (
                <div key={column}>
                  <dt>{column}</dt>
                  <dd>
                    <del>
                      <Value value={before} />
                    </del>{" "}
                    <span aria-hidden>→</span>{" "}
                    <ins>
                      <Value value={after} />
                    </ins>
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
      {n > rows.length && (
        <p className="mp-soft mp-note">
          The first {count(rows.length)} of {counted(n, "row")}.
        </p>
      )}
    </>
  );
}
