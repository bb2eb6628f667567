/** Changed and made-up inputs: what the model makes of them, kept as checks or as data. */
import { Stack, Tabs, Text, Title } from "@mantine/core";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { Advice } from "@/screens/generate/Advice";
import classes from "@/screens/generate/Generate.module.css";
import { Perturb } from "@/screens/generate/Perturb";
import { SyntheticRows } from "@/screens/generate/Synthetic";
import { Templates } from "@/screens/generate/Templates";
import { CohortBanner } from "@/shared/CohortBanner";

const TABS = [
  ["perturb", "Perturbations", Perturb],
  ["templates", "Templates", Templates],
  ["synthetic", "Made-up rows", SyntheticRows],
  ["advice", "Advice", Advice],
] as const;

export function Generate() {
  const { search, set } = useSearch();
  const asked = one(search, "tab");
  const tab = TABS.find(([name]) => name === asked)?.[0] ?? "perturb";
  return (
    <Stack className={classes.page} gap="md">
      <div>
        <Title order={1}>Generate</Title>
        <Text size="sm" className="mp-soft">
          Inputs that are changed or made up, and what the model says of them.
        </Text>
      </div>
      <CohortBanner />
      <Tabs
        value={tab}
        onChange={(name) =>
          set({ tab: name === "perturb" ? undefined : (name ?? undefined), ask: undefined })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {TABS.map(([name, title]) => (
            <Tabs.Tab key={name} value={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(([name, , Shown]) => (
          <Tabs.Panel key={name} value={name}>
            <Shown />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}
