/** The regions on the map of the rows, one at a time or all of them. */
import { Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useEvaluation } from "@/api/queries";
import type { Coverage, Exploration } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { MapPanel } from "@/screens/explore/map/MapPanel";
import { Panel } from "@/shared/Panel";

const ALL = "all regions";

export function RegionsMap({ found }: { found: Coverage }) {
  const { place } = useHere();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(ALL);
  const regions = found.rows.map(({ where }) => where);
  const where = chosen === ALL ? regions.map((text) => `(${text})`).join(" OR ") : chosen;
  const enabled = regions.length > 0;
  const asked = useEvaluation<Exploration>(place, "explore", { where, columns: [] }, { enabled });
  if (!enabled) return null;
  return (
    <Panel
      title="Where they lie"
      says="The rows of the regions stand out on the map of all rows."
      actions={
        <Select
          size="xs"
          w={300}
          maw="100%"
          label="Shown"
          allowDeselect={false}
          value={chosen}
          onChange={(text) => setChosen(text ?? ALL)}
          data={[ALL, ...regions]}
        />
      }
    >
      {asked.isError && <Failure error={asked.error} retry={() => void asked.refetch()} />}
      {!asked.data && !asked.isError && <Loading label="Finding the rows" />}
      {asked.data && (
        <MapPanel
          exploration={asked.data}
          onGo={(next) =>
            void navigate({
              to: "/e/$model/$dataset/explore",
              params: place,
              search: { where: next || undefined } as never,
            })
          }
        />
      )}
    </Panel>
  );
}
