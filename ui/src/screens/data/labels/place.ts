/** The evaluation that labels are looked at with; the tab shows nothing else without one. */
import { type Here, useMaybeHere } from "@/app/EvaluationFrame";

export function usePlace(): Here {
  const here = useMaybeHere();
  if (!here) throw new Error("labels are looked at with an evaluation");
  return here;
}
