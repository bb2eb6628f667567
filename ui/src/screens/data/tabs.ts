/** The tabs of the Data screen, in their order; each is a component that asks for its own data. */
import { IconArrowsDiff, IconHeartbeat, IconTags } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { DriftTab } from "@/screens/data/drift/DriftTab";
import { HealthTab } from "@/screens/data/inspect/HealthTab";
import { LabelsTab } from "@/screens/data/labels/LabelsTab";

interface Tab {
  name: string;
  title: string;
  says: string;
  icon: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  view: ComponentType;
}

export const TABS: readonly Tab[] = [
  {
    name: "health",
    title: "Health",
    says: "What looks wrong with the rows themselves, and what it costs.",
    icon: IconHeartbeat,
    view: HealthTab,
  },
  {
    name: "labels",
    title: "Labels",
    says: "Labels that are likely wrong, for people to decide on. Nothing is changed by itself.",
    icon: IconTags,
    view: LabelsTab,
  },
  {
    name: "drift",
    title: "Drift",
    says: "How two sets of rows differ, and what that costs the model.",
    icon: IconArrowsDiff,
    view: DriftTab,
  },
];
