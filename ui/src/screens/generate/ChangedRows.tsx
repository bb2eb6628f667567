/** Rows before → after: what goes is struck out, what is new underlined; and what the model says. */
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { ChangedCell, PerturbedPreview, PreviewedRow } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/generate/Generate.module.css";
import { Said } from "@/screens/generate/Said";
import { cell } from "@/shared/format";

const MANY = 12; // cells that are shown of a row

export function ChangedRows({ found }: { found: PerturbedPreview }) {
  if (found.rows.length === 0) return null;
  return (
    <ul className={`mp-plain ${classes.rows}`} aria-label="Changed rows">
      {found.rows.map((row) => (
        <li key={row.row} data-flipped={row.flipped || undefined}>
          <RowLink row={row} />
          <div className={classes.cells}>
            {row.cells.slice(0, MANY).map((item) => (
              <Cell key={item.column} item={item} isAlone={row.cells.length === 1} />
            ))}
            {row.cells.length > MANY && (
              <span className="mp-soft">and {row.cells.length - MANY} more</span>
            )}
          </div>
          <Said
            label={row.label}
            before={row.prediction}
            after={row.prediction_after}
            probability={row.probability}
            probabilityAfter={row.probability_after}
            flipped={row.flipped}
            isAsked={found.is_asked}
          />
        </li>
      ))}
    </ul>
  );
}

function RowLink({ row }: { row: PreviewedRow }) {
  const { place } = useHere();
  return (
    <Link
      className={classes.number}
      to="/e/$model/$dataset/row/$row"
      params={{ ...place, row: String(row.row) }}
    >
      Row {cell(row.row)}
    </Link>
  );
}

function Cell({ item, isAlone }: { item: ChangedCell; isAlone: boolean }) {
  const isText = item.pieces.length > 2;
  return (
    <div className={classes.cell}>
      {(!isAlone || !isText) && <span className="mp-soft">{item.column} </span>}
      {item.pieces.map(({ text, mark }, place) => {
        const key = `${place}`;
        if (mark === "same") return <span key={key}>{text}</span>;
        if (mark === "gone") return <del key={key}>{text}</del>;
        const arrow = isText || place === 0 ? null : <span aria-hidden> → </span>;
        return (
          <Fragment key={key}>
            {arrow}
            <ins>{text}</ins>
          </Fragment>
        );
      })}
    </div>
  );
}
