/** Which other dataset the rows are held against; the address says it for all tabs at once. */
import { useWorkspace } from "@/api/queries";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { useData } from "@/screens/data/dataHere";

export interface Against {
  own: string;
  chosen: string | undefined;
  older: string | undefined; // the version before
  others: readonly string[]; // versions of the same dataset first
  isPending: boolean;
  choose: (ref: string | undefined) => void;
}

export function useAgainst(): Against {
  const { ref, name, versions } = useData();
  const { search, set } = useSearch();
  const workspace = useWorkspace();
  const own = versions.map((item) => item.ref).filter((item) => item !== ref);
  const all = workspace.data?.datasets.map((item) => item.ref) ?? [];
  const number = Number(ref.slice(name.length + 1));
  return {
    own: ref,
    chosen: one(search, "against"),
    older: own.find((item) => Number(item.slice(name.length + 1)) < number),
    others: [...own, ...all.filter((item) => item !== ref && !own.includes(item))],
    isPending: workspace.isPending,
    choose: (against) => set({ against }),
  };
}
