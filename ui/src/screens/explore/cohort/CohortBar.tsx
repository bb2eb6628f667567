/** Which rows are looked at: as text, as chips, as a sentence, and how many they are. */
import { memo } from "react";
import { ApiError } from "@/api/client";
import { exported } from "@/api/exported";
import type { Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Actions } from "@/screens/explore/cohort/Actions";
import { Chips } from "@/screens/explore/cohort/Chips";
import classes from "@/screens/explore/cohort/CohortBar.module.css";
import { CohortField } from "@/screens/explore/cohort/CohortField";
import { rateText } from "@/screens/explore/panels/says";
import type { UndoRedo } from "@/screens/explore/useVisits";
import { Estimate } from "@/shared/Estimate";
import { count, counted, percent } from "@/shared/format";
import { MakeCheck } from "@/shared/MakeCheck";
import { OpenProblem } from "@/shared/OpenProblem";

interface CohortBarProps {
  where: string;
  exploration: Exploration | undefined;
  error: unknown;
  visits: UndoRedo;
  onGo: (where: string) => void;
}

const LONGEST = 80; // of a check's name

export const CohortBar = memo(function CohortBar(props: CohortBarProps) {
  const { where, exploration, error, visits, onGo } = props;
  const { facts } = useHere();
  const example = facts.is_loss ? "loss > 1" : "NOT correct AND confidence > 0.9";
  return (
    <div className={classes.bar}>
      <div className={classes.line}>
        <CohortField
          where={where}
          fault={error instanceof ApiError && error.status === 400 ? error : undefined}
          placeholder={
            exported() ? "All rows: an export does not filter" : `Which rows?  ${example}`
          }
          onGo={onGo}
        />
        <Actions exploration={exploration} visits={visits} onGo={onGo} />
      </div>
      <div className={classes.line} data-part="answer">
        {exploration && <Counted exploration={exploration} />}
        {exploration && <Chips chips={exploration.chips} onGo={onGo} />}
        {exploration && exploration.where !== "" && exploration.n > 0 && !exported() && (
          <>
            <MakeCheck where={exploration.where} name={exploration.sentence.slice(0, LONGEST)} />
            <OpenProblem
              finding={{ kind: "cohort", where: exploration.where }}
              title={exploration.sentence}
            />
          </>
        )}
      </div>
      {exploration && exploration.where !== "" && (
        <p className={classes.sentence} title={exploration.sentence}>
          Rows where {exploration.sentence}.
        </p>
      )}
    </div>
  );
});

function Counted({ exploration }: { exploration: Exploration }) {
  const { n, total, measure, value, low, high } = exploration;
  const isAll = n === total;
  return (
    <p className={classes.count} role="status" aria-live="polite" data-part="count">
      <b>{count(n)}</b>{" "}
      <span className="mp-soft">
        {isAll
          ? n === 1
            ? "row, the only one"
            : "rows, all of them"
          : `of ${counted(total, "row")} (${percent(n / total)})`}
      </span>
      {measure !== "" && n > 0 && (
        <>
          <span className={classes.dot} aria-hidden />
          <span className="mp-wrong">
            <Estimate
              value={value}
              low={low}
              high={high}
              n={n}
              show={(rate) => rateText(rate, measure)}
            />
          </span>{" "}
          <span className="mp-soft">{measure}</span>
        </>
      )}
    </p>
  );
}
