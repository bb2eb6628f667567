/** The linked distributions of the columns. */
import { Button, Text } from "@mantine/core";
import { memo, useCallback, useMemo } from "react";
import type { Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import type { Edit } from "@/screens/explore/edits";
import { BarTip } from "@/screens/explore/panels/BarTip";
import { DistributionCard } from "@/screens/explore/panels/DistributionCard";
import classes from "@/screens/explore/panels/Distributions.module.css";
import { grouped } from "@/screens/explore/panels/groups";
import { Legend } from "@/screens/explore/panels/Legend";
import { rateTop } from "@/screens/explore/panels/shapes";
import { Toolbar } from "@/screens/explore/panels/Toolbar";
import { point, pointAt } from "@/screens/explore/panels/tip";
import type { Shown } from "@/screens/explore/panels/useShown";
import { count } from "@/shared/format";
import { usePreference } from "@/shared/usePreference";

interface DistributionsProps {
  exploration: Exploration;
  shown: Shown;
  onEdit: (edit: Edit) => void;
}

export const Distributions = memo(function Distributions(props: DistributionsProps) {
  const { exploration, shown, onEdit } = props;
  const { distributions, measure, value, chips } = exploration;
  const { sorting, scaling, search } = shown;
  const groups = useMemo(
    () => grouped(distributions, sorting, search),
    [distributions, sorting, search],
  );
  const top = useMemo(
    () => rateTop(distributions, value, measure),
    [distributions, value, measure],
  );
  const [folded, fold] = useFolded();
  return (
    <div className={classes.panel} onPointerLeave={() => point(null)}>
      <Toolbar shown={shown} />
      <Legend measure={measure} isFiltered={chips.length > 0} />
      <div onPointerOver={(event) => pointAt(event.target)} onScroll={() => point(null)}>
        {groups.map(({ title, distributions }) => (
          <div key={title}>
            {title && <h2 className={classes.title}>{title}</h2>}
            <div className={classes.cards}>
              {distributions.map((of) => (
                <DistributionCard
                  key={of.column}
                  of={of}
                  chip={chips.find(({ column }) => column === of.column)}
                  scaling={scaling}
                  top={top}
                  overall={value}
                  measure={RATELESS.has(of.column) ? "" : measure}
                  isFolded={folded.has(of.column)}
                  onFold={fold}
                  onEdit={onEdit}
                />
              ))}
            </div>
          </div>
        ))}
      </div>
      {groups.length === 0 && (
        <Text size="sm" className="mp-soft" p="sm">
          {search ? `No column has “${search}” in its name.` : "No column has a distribution."}
        </Text>
      )}
      {shown.more > 0 && (
        <Button variant="default" size="compact-sm" m="sm" onClick={shown.showMore}>
          Show {count(shown.more)} more columns
        </Button>
      )}
      <BarTip distributions={distributions} measure={measure} />
    </div>
  );
});

/** Columns that say themselves whether a row is wrong. */
const RATELESS = new Set(["correct", "error_class"]);

/** They say nearly what the confidence says. */
const FOLDED = ["margin", "entropy"];

/** Columns that are folded, kept for the dataset. */
function useFolded(): [ReadonlySet<string>, (column: string) => void] {
  const { place } = useHere();
  const [names, setNames] = usePreference<string[]>(`folded:${place.dataset}`, FOLDED);
  const folded = useMemo(() => new Set(names), [names]);
  const fold = useCallback(
    (column: string) =>
      setNames(folded.has(column) ? names.filter((name) => name !== column) : [...names, column]),
    [folded, names, setNames],
  );
  return [folded, fold];
}
