/** Addresses of rows, with the cohort and the order that they are read in. */
import { useRouter } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { Search } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import type { RowsAsked } from "@/screens/explore/table/useRowPages";

const ROW = "/e/$model/$dataset/row/$row";
const MARK = "NUMBER";

export function useRowLinks({ where, order_by }: RowsAsked) {
  const { place } = useHere();
  const router = useRouter();
  const search = useMemo(() => ({ where: where || undefined, order_by }), [where, order_by]);

  // One address is built, since a table has many rows.
  const hrefOf = useMemo(() => {
    const params = { ...place, row: MARK };
    const made = router.buildLocation({ to: ROW, params, search } as never);
    const [before = "", after = ""] = router.history.createHref(made.publicHref).split(MARK);
    return (row: string) => before + row + after;
  }, [router, place, search]);

  /** Go to the row's page; going back shows the table where it was. */
  const openRow = useCallback(
    async (row: number, position: number) => {
      const at = String(position);
      const here = { to: ".", replace: true, resetScroll: false };
      await router.navigate({ ...here, search: (before: Search) => ({ ...before, at }) } as never);
      await router.navigate({ to: ROW, params: { ...place, row: String(row) }, search } as never);
    },
    [router, place, search],
  );

  return { hrefOf, openRow };
}
