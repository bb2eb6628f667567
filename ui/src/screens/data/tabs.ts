/** The tabs of the Data screen, in their order; each is a component that asks for its own data. */
import {
  IconArrowsDiff,
  IconCopy,
  IconDroplet,
  IconGauge,
  IconGitCompare,
  IconHeartbeat,
  IconMap2,
  IconTags,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { UncertaintyTab } from "@/screens/data/doubt/UncertaintyTab";
import { DriftTab } from "@/screens/data/drift/DriftTab";
import { CoverageTab } from "@/screens/data/inspect/CoverageTab";
import { DuplicatesTab } from "@/screens/data/inspect/DuplicatesTab";
import { HealthTab } from "@/screens/data/inspect/HealthTab";
import { LeakageTab } from "@/screens/data/inspect/LeakageTab";
import { VersionsTab } from "@/screens/data/inspect/VersionsTab";
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
    name: "uncertainty",
    title: "Uncertainty",
    says: "Whether the model knows when it may be wrong, and does what any model should.",
    icon: IconGauge,
    view: UncertaintyTab,
  },
  {
    name: "duplicates",
    title: "Duplicates",
    says: "Rows that are the same or nearly so, and labels that contradict each other.",
    icon: IconCopy,
    view: DuplicatesTab,
  },
  {
    name: "leakage",
    title: "Leakage",
    says: "Ways in which a model can know the right answers beforehand.",
    icon: IconDroplet,
    view: LeakageTab,
  },
  {
    name: "drift",
    title: "Drift",
    says: "How two sets of rows differ, and what that costs the model.",
    icon: IconArrowsDiff,
    view: DriftTab,
  },
  {
    name: "coverage",
    title: "Coverage",
    says: "Regions of these rows that other rows do not cover.",
    icon: IconMap2,
    view: CoverageTab,
  },
  {
    name: "versions",
    title: "Versions",
    says: "What was added, removed and changed from one version of the data to another.",
    icon: IconGitCompare,
    view: VersionsTab,
  },
];
