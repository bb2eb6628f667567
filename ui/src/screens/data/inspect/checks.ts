/** Checks of data are kept in a suite; no model is needed. */
import { datasetPath, send } from "@/api/client";
import { queryClient } from "@/api/queries";
import type { KeptChecks } from "@/api/types";

interface Draft {
  suite: string;
  checks: readonly string[]; // YAML
  reference?: string | undefined; // that a new suite compares with
}

export async function keepChecks(dataset: string, draft: Draft): Promise<KeptChecks> {
  const body = { ...draft, reference: draft.reference || null };
  const { value } = await send<KeptChecks>("POST", datasetPath(dataset, "checks"), { body });
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ["suites"] }),
    queryClient.invalidateQueries({
      predicate: ({ queryKey: [kind, , , endpoint] }) =>
        kind === "evaluation" && typeof endpoint === "string" && endpoint.startsWith("suites/"),
    }),
  ]);
  return value;
}

/** The suite that checks of a dataset go to, where nobody says another. */
export function suiteOf(name: string, reference: string | undefined): string {
  return reference ? `${name}-against-${reference.replace("@", "-")}` : `${name}-data`;
}
