/** A comparison: its verdict, then the models one by one against the first. */
import { Stack } from "@mantine/core";
import type { Comparison, ModelPair } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { Models } from "@/screens/compare/Models";
import { Pair } from "@/screens/compare/Pair";
import { Verdict } from "@/screens/compare/Verdict";

export function Found({ found }: { found: Comparison }) {
  const { search, set } = useSearch();
  const asked = one(search, "pair");
  const chosen = found.pairs.find(({ evaluation }) => evaluation === asked) ?? found.pairs.at(-1);
  const choose = ({ evaluation }: ModelPair) => set({ pair: evaluation }, { replace: true });
  return (
    <Stack gap="md">
      <Verdict found={found} />
      {found.pairs.length > 1 && <Models found={found} chosen={chosen} choose={choose} />}
      {chosen && <Pair key={chosen.evaluation} found={found} pair={chosen} />}
    </Stack>
  );
}
