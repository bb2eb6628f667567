/** The check that a finding came with is kept in a suite by a click. */
import { KeepCheck } from "@/screens/data/KeepCheck";

interface KeepFoundProps {
  suite: string;
  check: string; // its lines
  says: string; // what it holds
}

export function KeepFound({ suite, check, says }: KeepFoundProps) {
  return <KeepCheck endpoint="found-checks" body={{ suite, check }} says={says} />;
}
