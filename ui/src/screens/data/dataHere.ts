/** Which dataset the tabs are about; `useMaybeHere` tells the evaluation, if one is chosen. */
import { createContext, useContext } from "react";
import type { DatasetFacts } from "@/api/types";

const DataContext = createContext<DatasetFacts | null>(null);

export const DataProvider = DataContext.Provider;

/** The command that adds a file as a dataset alike: without the label no model can be judged. */
export function addCommand({ label }: DatasetFacts, name: string, file: string): string {
  const quoted = /^[\w.-]+$/.test(label ?? "") ? label : `'${label}'`;
  return `mispredict add dataset ${name} ${file}${label ? ` --label ${quoted}` : ""}`;
}

/** The dataset that the screen is about. */
export function useData(): DatasetFacts {
  const facts = useContext(DataContext);
  if (!facts) throw new Error("useData needs a DataProvider around it");
  return facts;
}
