/** Real rows changed by perturbations: chosen at the left, what they do at the right. */
import { Stack } from "@mantine/core";
import { useEvaluation } from "@/api/queries";
import type { OfferedPerturbations } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { Empty, Failure, Loading } from "@/app/states";
import { ChangeOptions } from "@/screens/generate/ChangeOptions";
import { useChange } from "@/screens/generate/change";
import classes from "@/screens/generate/Generate.module.css";
import { KeepRows } from "@/screens/generate/KeepRows";
import { Perturbations } from "@/screens/generate/Perturbations";
import { Preview } from "@/screens/generate/Preview";
import { Panel } from "@/shared/Panel";

export function Perturb() {
  const { place } = useHere();
  const offered = useEvaluation<OfferedPerturbations>(place, "perturbations");
  const change = useChange(offered.data?.rows);
  if (offered.isPending) return <Loading label="Looking for perturbations" lines={8} />;
  if (offered.isError && !offered.data) {
    return <Failure error={offered.error} retry={() => void offered.refetch()} />;
  }
  if (offered.data.rows.length === 0) {
    return (
      <Empty title="No perturbation changes these inputs">
        There are perturbations of texts, numbers and categories. Your own are Python functions:
        @mp.perturbation.
      </Empty>
    );
  }
  return (
    <div className={classes.sides}>
      <Perturbations rows={offered.data.rows} chosen={change.names} />
      <Stack gap="md" miw={0}>
        <Panel
          title={change.names.join(", then ")}
          actions={<KeepRows what={{ change }} n={1000} canCheck />}
        >
          <ChangeOptions offered={offered.data} change={change} />
        </Panel>
        <Preview change={change} />
      </Stack>
    </div>
  );
}
