/** Explore: a cohort, its linked distributions, its rows, and what is special in it. */
import { useMemo, useState } from "react";
import { CohortBar } from "@/screens/explore/cohort/CohortBar";
import { Failed } from "@/screens/explore/Failed";
import { Layout } from "@/screens/explore/Layout";
import { MapPanel } from "@/screens/explore/map/MapPanel";
import { Distributions } from "@/screens/explore/panels/Distributions";
import { useShown } from "@/screens/explore/panels/useShown";
import { Looks } from "@/screens/explore/side/Looks";
import { Summary } from "@/screens/explore/side/Summary";
import { Tags } from "@/screens/explore/side/Tags";
import { Rows } from "@/screens/explore/table/Rows";
import { useView } from "@/screens/explore/table/useTable";
import { useEdit } from "@/screens/explore/useEdit";
import { useExploration } from "@/screens/explore/useExploration";
import { useVisits } from "@/screens/explore/useVisits";
import { WaitingPane } from "@/screens/explore/WaitingPane";

export function Explore() {
  const [filtered, setFiltered] = useState<readonly string[]>([]);
  const shown = useShown(filtered);
  const { where, query, go } = useExploration(shown.columns);
  const view = useView();
  const edit = useEdit({ where, columns: shown.columns, view }, go);
  const exploration = query.data;
  const chips = exploration?.chips;
  const names = useMemo(() => chips?.map(({ column }) => column).filter(Boolean) ?? [], [chips]);
  if (names.join("\n") !== filtered.join("\n")) setFiltered(names);
  const visits = useVisits(exploration?.where, go);
  const isFailed = query.isError && !exploration;
  return (
    <Layout
      bar={
        <CohortBar
          where={where}
          exploration={exploration}
          error={query.error}
          visits={visits}
          onGo={go}
        />
      }
      left={
        exploration ? (
          <Distributions exploration={exploration} shown={shown} onEdit={edit} />
        ) : (
          !isFailed && <WaitingPane />
        )
      }
      middle={
        isFailed ? (
          <Failed error={query.error} retry={() => void query.refetch()} onGo={go} />
        ) : (
          <Rows where={where} exploration={exploration} isFresh={!query.isFetching} view={view} />
        )
      }
      right={
        exploration && (
          <>
            <MapPanel exploration={exploration} onGo={go} />
            <Looks where={exploration.where} n={exploration.n} />
            <Summary exploration={exploration} />
            <Tags exploration={exploration} onGo={go} />
          </>
        )
      }
    />
  );
}
