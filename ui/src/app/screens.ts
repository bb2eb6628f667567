/** The screens of an evaluation, in the order of the navigation. */
import {
  IconChartHistogram,
  IconGauge,
  IconListNumbers,
  IconTargetArrow,
} from "@tabler/icons-react";

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
] as const;

export type ScreenName = (typeof SCREENS)[number]["name"];
