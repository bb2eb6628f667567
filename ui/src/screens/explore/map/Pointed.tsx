/** The row of the point that is pointed at. */
import { useDebouncedValue } from "@mantine/hooks";
import { useEvaluation } from "@/api/queries";
import type { RowsPage } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/explore/map/MapPanel.module.css";
import { cell } from "@/shared/format";

const REST_MS = 70;
const LONG = 160;

interface PointedProps {
  row: number;
  at: readonly [x: number, y: number];
  width: number;
}

export function Pointed({ row, at, width }: PointedProps) {
  const { place, facts } = useHere();
  const [asked] = useDebouncedValue(row, REST_MS);
  const names = ["label", "prediction", "correct"].filter((name) =>
    facts.columns.some((column) => column.name === name),
  );
  const text = facts.columns.find(({ type }) => type === "text")?.name;
  const columns = text === undefined ? names : [...names, text];
  const query = useEvaluation<RowsPage>(place, "rows", { where: `row = ${asked}`, columns });
  const found = asked === row && !query.isPlaceholderData ? query.data?.rows[0] : undefined;
  const isRight = at[0] > width / 2;
  const style = {
    top: at[1] + 12,
    ...(isRight ? { right: width - at[0] + 8 } : { left: at[0] + 8 }),
  };
  return (
    <div className={classes.pointed} style={style} aria-hidden>
      <b>Row {row}</b>
      {found && (
        <>
          <div className={found.correct === false ? "mp-wrong" : ""}>
            {found.correct === false ? "✗ " : ""}
            {cell(found.prediction)}
            {found.correct === false && <span className="mp-soft"> is {cell(found.label)}</span>}
          </div>
          {text !== undefined && <div>{cell(found[text]).slice(0, LONG)}</div>}
        </>
      )}
    </div>
  );
}
