/** Which values of a number are wanted. */
import { NumberInput } from "@mantine/core";
import type { Rules } from "@/screens/row/why/rules";

interface TargetRangeProps {
  rules: Rules;
  setRules: (rules: Rules) => void;
}

export function TargetRange({ rules, setRules }: TargetRangeProps) {
  const field = (name: "least" | "most", label: string) => (
    <NumberInput
      size="xs"
      w={130}
      label={label}
      hideControls
      value={rules[name] ?? ""}
      onChange={(value) => setRules({ ...rules, [name]: value === "" ? undefined : String(value) })}
    />
  );
  return (
    <>
      {field("least", "Prediction, at least")}
      {field("most", "Prediction, at most")}
    </>
  );
}
