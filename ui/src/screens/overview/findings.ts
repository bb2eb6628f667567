/** Which findings open the overview, in which order, and which part of the page tells more. */
import type { Finding } from "@/api/types";

interface Topic {
  part: string;
  topic: string;
  panel: string; // id of the panel that tells more
}

export const TOPICS: readonly Topic[] = [
  { part: "metrics", topic: "Quality", panel: "quality" },
  { part: "previous", topic: "Previous model", panel: "quality" },
  { part: "baselines", topic: "Baseline", panel: "quality" },
  { part: "slices", topic: "Worst slice", panel: "slices" },
  { part: "cards", topic: "Condition", panel: "cards" },
  { part: "tokens", topic: "Word", panel: "cards" },
  { part: "classes", topic: "Classes", panel: "classes" },
  { part: "error_classes", topic: "Errors", panel: "error-classes" },
  { part: "mistakes", topic: "Mistakes", panel: "mistakes" },
  { part: "calibration", topic: "Confidence", panel: "calibration" },
  { part: "curves", topic: "Ranking", panel: "curves" },
  { part: "threshold", topic: "Threshold", panel: "threshold" },
  { part: "spread", topic: "Spread", panel: "spread" },
];

export interface Told extends Topic {
  sentence: string;
  where: string;
}

/** One finding of each topic; a single condition that is the worst slice itself is left out. */
export function told(...lists: readonly (readonly Finding[])[]): Told[] {
  const found = new Map<string, Finding>();
  for (const item of lists.flat()) if (!found.has(item.part)) found.set(item.part, item);
  const worst = found.get("slices")?.where;
  return TOPICS.flatMap((topic) => {
    const item = found.get(topic.part);
    const isSame = topic.panel === "cards" && worst && item?.where === worst;
    return item && !isSame
      ? [{ ...topic, sentence: headOf(item.sentence), where: item.where }]
      : [];
  });
}

/** Of a slice's sentence what compares; the panel below tells how much it is of the whole. */
function headOf(sentence: string): string {
  const end = sentence.indexOf("). ");
  return `${end > 0 ? sentence.slice(0, end + 1) : sentence.replace(/\.$/, "")}.`;
}
