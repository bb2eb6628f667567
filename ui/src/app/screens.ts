/** The screens of an evaluation, in the order of the navigation. */
import {
  IconChartHistogram,
  IconChecklist,
  IconGauge,
  IconListNumbers,
  IconTargetArrow,
} from "@tabler/icons-react";
import { exported } from "@/api/exported";

export const SCREENS = [
  { name: "overview", title: "Overview", key: "o", icon: IconGauge, says: "How good is it?" },
  { name: "explore", title: "Explore", key: "e", icon: IconChartHistogram, says: "Look at rows" },
  { name: "slices", title: "Slices", key: "s", icon: IconTargetArrow, says: "Where is it wrong?" },
  {
    name: "priorities",
    title: "Priorities",
    key: "p",
    icon: IconListNumbers,
    says: "What to do first",
  },
  { name: "tests", title: "Tests", key: "t", icon: IconChecklist, says: "Does it hold?" },
] as const;

/** Those that there are here: an export holds no suites. */
export function screensHere() {
  return exported() ? SCREENS.filter(({ name }) => name !== "tests") : SCREENS;
}

/** What a screen is about when one goes to it: the cohort; in an export the worst rows first. */
export function searchOf(name: string, where: string | undefined) {
  const worst = name === "explore" ? exported()?.about.worst : undefined;
  return { ...(where ? { where } : {}), ...(worst ? { order_by: worst } : {}) };
}

export type ScreenName = (typeof SCREENS)[number]["name"];
