/** What of the distributions a person wants to see: found, sorted, scaled, how many. */
import { useCallback, useMemo, useState } from "react";
import { useHere } from "@/app/EvaluationFrame";
import { asked, candidates, MOST, type Sorting } from "@/screens/explore/panels/groups";
import type { Scaling } from "@/screens/explore/panels/shapes";
import { usePreference } from "@/shared/usePreference";

export interface Shown {
  search: string;
  setSearch: (search: string) => void;
  sorting: Sorting;
  setSorting: (sorting: Sorting) => void;
  scaling: Scaling;
  setScaling: (scaling: Scaling) => void;
  /** The columns to ask for; undefined where all are shown. */
  columns: readonly string[] | undefined;
  more: number;
  showMore: () => void;
}

export function useShown(filtered: readonly string[]): Shown {
  const { facts } = useHere();
  const [search, setSearch] = useState("");
  const [limit, setLimit] = useState(MOST);
  const [sorting, setSorting] = usePreference<Sorting>("distributions:sorting", "given");
  const [scaling, setScaling] = usePreference<Scaling>("distributions:scaling", "shares");
  const all = useMemo(() => candidates(facts.columns), [facts.columns]);
  const key = filtered.join("\n");
  const columns = useMemo(
    () => asked(all, search, limit, key ? key.split("\n") : []),
    [all, search, limit, key],
  );
  const showMore = useCallback(() => setLimit((before) => before + MOST), []);
  const found = columns && !search ? all.length : (columns?.length ?? 0);
  const more = columns ? Math.max(0, found - limit) : 0;
  return useMemo(
    () => ({
      search,
      setSearch,
      sorting,
      setSorting,
      scaling,
      setScaling,
      columns,
      more,
      showMore,
    }),
    [search, sorting, setSorting, scaling, setScaling, columns, more, showMore],
  );
}
