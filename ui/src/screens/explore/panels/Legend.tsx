/** What the marks of the distributions mean. */
import classes from "@/screens/explore/panels/Legend.module.css";

interface LegendProps {
  measure: string;
  isFiltered: boolean;
}

export function Legend({ measure, isFiltered }: LegendProps) {
  return (
    <ul className={classes.legend} aria-label="Legend">
      <li>
        <i className={classes.n} aria-hidden /> {isFiltered ? "selected rows" : "rows"}
      </li>
      {isFiltered && (
        <li>
          <i className={classes.all} aria-hidden /> all rows
        </li>
      )}
      {measure !== "" && (
        <>
          <li>
            <i className={classes.rate} aria-hidden /> {measure}, with its interval
          </li>
          <li>
            <i className={classes.overall} aria-hidden /> of the{" "}
            {isFiltered ? "selection" : "whole"}
          </li>
        </>
      )}
    </ul>
  );
}
