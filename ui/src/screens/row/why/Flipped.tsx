/** What would flip the prediction: changed inputs, edited words, or both. */
import { Stack } from "@mantine/core";
import type { Example } from "@/api/types";
import { Counterfactuals } from "@/screens/row/why/Counterfactuals";
import { TextEdits } from "@/screens/row/why/TextEdits";

const WITH_RULES = new Set(["numeric", "categorical", "boolean", "datetime"]);

export function Flipped({ example }: { example: Example }) {
  const inputs = example.values.filter(({ role }) => role === "input");
  const hasText = inputs.some(({ type }) => type === "text");
  return (
    <Stack gap="lg">
      {inputs.some(({ type }) => WITH_RULES.has(type)) && (
        <div>
          <Counterfactuals example={example} />
        </div>
      )}
      {hasText && (
        <div>
          <TextEdits example={example} />
        </div>
      )}
    </Stack>
  );
}
