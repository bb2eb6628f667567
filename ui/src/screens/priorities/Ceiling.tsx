/** What the best could reach: what is set for each tag, or one ceiling for all the others. */
import { Select } from "@mantine/core";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { NumberField } from "@/shared/NumberField";

const FIRST = "0.95"; // the number that one begins with
const MODEL = "best model";

export function Ceiling() {
  const { facts } = useHere();
  const { search, set } = useSearch();
  const ceiling = one(search, "ceiling");
  const people = facts.columns.filter(({ role }) => role === "annotation").map(({ name }) => name);
  const perfect = facts.is_loss ? "0" : "1";
  const kind = many(search, "annotators") ? "people" : ceilingKind(ceiling, perfect);
  const kinds = [
    { value: "set", label: "as set for each tag" },
    { value: "perfect", label: "no error at all" },
    { value: MODEL, label: "the best other model" },
    ...(people.length > 1 ? [{ value: "people", label: "annotators’ agreement" }] : []),
    { value: "given", label: "a number" },
  ];
  const choices: Record<string, { ceiling?: string; annotators?: string[] }> = {
    perfect: { ceiling: perfect },
    [MODEL]: { ceiling: MODEL },
    people: { annotators: people },
    given: { ceiling: FIRST },
  };
  return (
    <>
      <Select
        label="Ceiling"
        size="xs"
        w={190}
        allowDeselect={false}
        value={kind}
        onChange={(next) =>
          set({ ceiling: undefined, annotators: undefined, ...choices[next ?? ""] })
        }
        data={kinds}
      />
      {kind === "given" && (
        <NumberField
          label="of"
          size="xs"
          w={80}
          min={0}
          max={facts.is_loss ? undefined : 1}
          step={0.01}
          decimalScale={3}
          value={Number(ceiling)}
          take={(value) => set({ ceiling: String(value) })}
        />
      )}
    </>
  );
}

function ceilingKind(ceiling: string | undefined, perfect: string): string {
  if (ceiling === undefined) return "set";
  if (ceiling === perfect) return "perfect";
  return ceiling === MODEL ? MODEL : "given";
}
