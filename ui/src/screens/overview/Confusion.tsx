/** Labels against predictions: numbers while there is room, else the worst part, or an image. */
import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import { useEvaluation } from "@/api/queries";
import type { ConfusionTable, ErrorClassRow } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import { ConfusionGrid } from "@/screens/overview/ConfusionGrid";
import { byErrors, type Matrix, matrixOf, worstPart } from "@/screens/overview/confusion";
import { FewClasses } from "@/screens/overview/FewClasses";
import { HeatMap } from "@/screens/overview/HeatMap";
import { Panel } from "@/shared/Panel";

const ROOM = 12; // classes whose numbers can be read
const FEW = 3; // classes whose cells say all there is
const MOST = 400; // classes of which there is an image

interface ConfusionProps {
  size: number;
  errors: readonly ErrorClassRow[];
}

export function Confusion({ size, errors }: ConfusionProps) {
  const { place } = useHere();
  const { search } = useSearch();
  const [view, setView] = useState(size <= ROOM ? "share" : "worst");
  const params = { where: one(search, "where") };
  const table = useEvaluation<ConfusionTable>(place, "confusion", params, {
    enabled: size <= MOST,
  });
  const matrix = useMemo(() => table.data && matrixOf(table.data), [table.data]);
  const views =
    size <= ROOM
      ? { share: "Share", rows: "Rows" }
      : { worst: "Most confused", all: `All ${size}` };
  if (size > MOST) return null;
  return (
    <Panel
      name="confusion"
      title="Confusion"
      says="Each line is a label, each column a prediction; a cell leads to its rows."
      actions={
        size > FEW && (
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            data={Object.entries(views).map(([value, label]) => ({ value, label }))}
            aria-label="What the confusion shows"
          />
        )
      }
    >
      {table.isError && <Failure error={table.error} retry={() => void table.refetch()} />}
      {table.isPending && <Loading label="Counting" />}
      {matrix && size <= FEW && <FewClasses matrix={matrix} errors={errors} />}
      {matrix && size > FEW && <Shown matrix={matrix} view={view} />}
    </Panel>
  );
}

function Shown({ matrix, view }: { matrix: Matrix; view: string }) {
  const worst = useMemo(() => worstPart(matrix, ROOM), [matrix]);
  const ordered = useMemo(() => byErrors(matrix), [matrix]);
  if (view === "all") return <HeatMap matrix={ordered} />;
  if (view === "worst") return <ConfusionGrid matrix={worst} unit="rows" />;
  return <ConfusionGrid matrix={matrix} unit={view === "rows" ? "rows" : "share"} />;
}
