/** The screens of an evaluation, in the order of the navigation. */
import {
  IconArrowsDiff,
  IconBug,
  IconChartHistogram,
  IconChecklist,
  IconDatabase,
  IconGauge,
  IconListNumbers,
  IconTargetArrow,
  IconWand,
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
  {
    name: "compare",
    title: "Compare",
    key: "c",
    icon: IconArrowsDiff,
    says: "Better than before?",
  },
  { name: "data", title: "Data", key: "d", icon: IconDatabase, says: "Is the data sound?" },
  { name: "generate", title: "Generate", key: "n", icon: IconWand, says: "What if inputs change?" },
  {
    name: "problems",
    title: "Problems",
    key: "b",
    icon: IconBug,
    says: "Who cares, is it mended?",
  },
] as const;

const SERVED = new Set<string>(["tests", "compare", "data", "generate", "problems"]);

/** Those that there are here: an export holds no suites, and cannot ask the model. */
export function screensHere() {
  return exported() ? SCREENS.filter(({ name }) => !SERVED.has(name)) : SCREENS;
}

/** What a screen is about when one goes to it: the cohort; in an export the worst rows first. */
export function searchOf(name: string, where: string | undefined) {
  const worst = name === "explore" ? exported()?.about.worst : undefined;
  return { ...(where ? { where } : {}), ...(worst ? { order_by: worst } : {}) };
}

export type ScreenName = (typeof SCREENS)[number]["name"];
