/** Why the model said so, and what would change its mind: four ways to ask it, one at a time. */
import { Tabs } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { Example } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { patient } from "@/app/screensLoading";
import { Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/row/Why.module.css";
import { AddModel } from "@/shared/AddModel";
import { Panel } from "@/shared/Panel";

const Attributed = lazy(
  patient(() =>
    import("@/screens/row/why/Attributed").then(({ Attributed: part }) => ({ default: part })),
  ),
);
const WhatIf = lazy(
  patient(() => import("@/screens/row/why/WhatIf").then(({ WhatIf: part }) => ({ default: part }))),
);
const Flipped = lazy(
  patient(() =>
    import("@/screens/row/why/Flipped").then(({ Flipped: part }) => ({ default: part })),
  ),
);
const Effects = lazy(
  patient(() =>
    import("@/screens/row/why/Effects").then(({ Effects: part }) => ({ default: part })),
  ),
);

const TABS = [
  { name: "attributions", title: "Attributions", says: "What moved it", Part: Attributed },
  { name: "what-if", title: "What if", says: "Change values, see what it says", Part: WhatIf },
  { name: "counterfactuals", title: "Counterfactuals", says: "What would flip it", Part: Flipped },
  { name: "effects", title: "Effects", says: "What the values of an input do", Part: Effects },
] as const;

const VARIED = new Set(["numeric", "categorical", "boolean", "datetime"]);

export function Why({ example }: { example: Example }) {
  const { facts } = useHere();
  const { search, set } = useSearch();
  if (!facts.can_call_model) {
    return (
      <Panel title="Why">
        <AddModel />
      </Panel>
    );
  }
  const isVaried = example.values.some(({ role, type }) => role === "input" && VARIED.has(type));
  const tabs = TABS.filter(({ name }) => isVaried || name !== "effects");
  const open = tabs.find(({ name }) => name === one(search, "why")) ?? TABS[0];
  return (
    <Panel title="Why" name="why">
      <Tabs
        value={open.name}
        onChange={(name) => set({ why: name === "attributions" ? undefined : (name ?? undefined) })}
        keepMounted={false}
        classNames={{ tab: classes.tab, list: classes.list }}
      >
        <Tabs.List mb="sm" aria-label="Ways to ask why">
          {tabs.map(({ name, title, says }) => (
            <Tabs.Tab key={name} value={name} title={says}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, Part }) => (
          <Tabs.Panel key={name} value={name} className={classes[name]}>
            <Suspense fallback={<Loading lines={6} />}>
              <Part key={example.number} example={example} />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}
