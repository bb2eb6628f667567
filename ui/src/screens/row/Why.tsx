/** Why the model said so, and what would change its mind: nothing yet. */
import type { Example } from "@/api/types";

export interface WhyProps {
  example: Example;
}

export function Why(_props: WhyProps) {
  return null;
}
