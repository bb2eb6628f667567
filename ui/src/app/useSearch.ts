/** Read and change the address's search parameters. */
import { useNavigate, useSearch as useRouterSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Search } from "@/app/address";

interface Change {
  replace?: boolean; // instead of a new step in the history
}

export function useSearch() {
  const search = useRouterSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = useCallback(
    (changes: Search, { replace = false }: Change = {}) =>
      void navigate({
        to: ".",
        search: ((before: Search) => ({ ...before, ...changes })) as never,
        replace,
        resetScroll: false,
      }),
    [navigate],
  );
  return { search, set };
}
