/** What is compared with what, and in which parts; the address says it. */
import { useEffect } from "react";
import { useWorkspace } from "@/api/queries";
import { one } from "@/app/address";
import { useMaybeHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { useData } from "@/screens/data/dataHere";

export interface Side {
  ref: string; // of a dataset, or of an evaluation
  where: string;
}

export interface Parts {
  by: string | undefined; // the column that the current rows are parted by
  windows: string | undefined;
}

export interface Sides {
  reference: Side;
  current: Side;
  parts: Parts;
  refs: { evaluations: readonly string[]; datasets: readonly string[] };
  isSame: boolean;
  params: Record<string, string | undefined> | undefined;
  take: (reference: Side, current: Side) => void;
  part: (parts: Parts) => void;
}

export function useSides(): Sides {
  const { search, set } = useSearch();
  const facts = useData();
  const here = useMaybeHere();
  const workspace = useWorkspace();
  const evaluations = workspace.data?.evaluations.map(({ ref }) => ref) ?? [];
  const datasets = workspace.data?.datasets.map(({ ref }) => ref) ?? [];
  const own = here?.facts.ref ?? facts.ref;
  const current = { ref: one(search, "current") ?? own, where: one(search, "where") ?? "" };
  const reference = {
    ref: one(search, "reference") ?? before(current.ref, evaluations, datasets) ?? current.ref,
    where: one(search, "reference_where") ?? "",
  };
  const parts = { by: one(search, "by"), windows: one(search, "windows") };
  const isDerived = one(search, "reference") === undefined && reference.ref !== current.ref;
  useEffect(() => {
    if (isDerived) set({ reference: reference.ref, current: current.ref }, { replace: true });
  }, [isDerived, reference.ref, current.ref, set]);
  const isSame = reference.ref === current.ref && reference.where === current.where;
  return {
    reference,
    current,
    parts,
    refs: { evaluations, datasets },
    isSame,
    params:
      isSame || workspace.isPending
        ? undefined
        : {
            reference: reference.ref,
            current: current.ref,
            where: current.where,
            reference_where: reference.where,
            ...parts,
          },
    take: (first, second) =>
      set({
        reference: first.ref,
        current: second.ref,
        where: second.where || undefined,
        reference_where: first.where || undefined,
        column: undefined,
      }),
    part: ({ by, windows }) => set({ by, windows }),
  };
}

/** The same model's evaluation on the version before, or the version before. */
function before(
  ref: string,
  evaluations: readonly string[],
  datasets: readonly string[],
): string | undefined {
  const [model, data] = ref.includes("/") ? (ref.split("/") as [string, string]) : ["", ref];
  const [name, version] = data.split("@");
  const older = datasets
    .filter((item) => item.startsWith(`${name}@`) && Number(item.split("@")[1]) < Number(version))
    .sort((a, b) => Number(b.split("@")[1]) - Number(a.split("@")[1]));
  if (!model) return older[0];
  return older.map((item) => `${model}/${item}`).find((item) => evaluations.includes(item));
}
