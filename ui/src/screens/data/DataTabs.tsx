/** What is known of a dataset in tabs; the address says which. */
import { Tabs, Text, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { DatasetFacts } from "@/api/types";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/data/Data.module.css";
import { DataProvider } from "@/screens/data/dataHere";
import { TABS } from "@/screens/data/tabs";
import { counted } from "@/shared/format";

const SEEN = 60; // pixels of the tab before

export function DataTabs({ facts }: { facts: DatasetFacts }) {
  const { search, set } = useSearch();
  const asked = one(search, "tab");
  const open = TABS.find(({ name }) => name === asked) ?? TABS[0];
  const list = useRef<HTMLDivElement>(null);
  const name = open?.name;

  // On a phone not all tabs fit; the open one is seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is open
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>("[aria-selected='true']");
    if (tab && list.current) list.current.scrollLeft = tab.offsetLeft - SEEN;
  }, [name]);
  if (!open) return null;
  const View = open.view;
  return (
    <DataProvider value={facts}>
      <div className={classes.page}>
        <div className={classes.head}>
          <Title order={1}>Data</Title>
          <Text size="sm" className="mp-soft">
            <b>{facts.ref}</b> · {counted(facts.n, "row")} ·{" "}
            {counted(facts.columns.length, "column")}
            {facts.label && ` · label ${facts.label}`}
          </Text>
        </div>
        <Tabs
          value={open.name}
          onChange={(name) => set({ tab: name ?? undefined })}
          keepMounted={false}
        >
          <Tabs.List ref={list} className={classes.tabs} aria-label="About the data">
            {TABS.map(({ name, title, icon: Icon }) => (
              <Tabs.Tab key={name} value={name} leftSection={<Icon size={16} aria-hidden />}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={open.name} pt="md">
            <Text size="sm" className="mp-soft" mb="md">
              {open.says}
            </Text>
            <View />
          </Tabs.Panel>
        </Tabs>
      </div>
    </DataProvider>
  );
}
