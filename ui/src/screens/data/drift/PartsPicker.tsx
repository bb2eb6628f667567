/** In which parts the current rows are looked at: windows of time or order, or groups. */
import { Group, Select, Text } from "@mantine/core";
import { useDataset } from "@/api/queries";
import type { DatasetFacts } from "@/api/types";
import type { Sides } from "@/screens/data/drift/useSides";

const SPANS = ["hour", "day", "week", "month", "quarter", "year"];
const COUNTS = ["2", "4", "6", "8", "10", "12", "20"];
const WHOLE = "as a whole";
const ORDER = "row";

export function PartsPicker({ sides }: { sides: Sides }) {
  const { by, windows } = sides.parts;
  const dataset = sides.current.ref.split("/").at(-1) ?? "";
  const facts = useDataset<DatasetFacts>(dataset).data;
  const kind = by === undefined ? "" : kindOf(facts, by);
  return (
    <Group gap="xs" mt="sm" align="center">
      <Text size="sm" className="mp-soft">
        Look at the current rows
      </Text>
      <Select
        size="xs"
        w={190}
        aria-label="Parted by"
        allowDeselect={false}
        searchable
        value={by ?? WHOLE}
        onChange={(value) => sides.part(started(facts, String(value ?? WHOLE)))}
        data={choices(facts, by)}
      />
      {(kind === "datetime" || kind === "numeric") && (
        <>
          <Text size="sm" className="mp-soft">
            in windows
          </Text>
          <Select
            size="xs"
            w={130}
            aria-label="Windows"
            allowDeselect={false}
            value={windows ?? (kind === "datetime" ? "month" : "10")}
            onChange={(value) => sides.part({ by, windows: value ?? undefined })}
            data={[
              ...(kind === "datetime"
                ? SPANS.map((value) => ({ value, label: `of a ${value}` }))
                : []),
              ...COUNTS.map((value) => ({ value, label: `${value} of like size` })),
            ]}
          />
        </>
      )}
    </Group>
  );
}

function choices(facts: DatasetFacts | undefined, by: string | undefined) {
  const columns = facts?.columns ?? [];
  const named = (test: (column: DatasetFacts["columns"][number]) => boolean) =>
    columns.filter(test).map(({ name }) => ({ value: name, label: `by ${name}` }));
  const times = named(({ type }) => type === "datetime");
  const values = named(({ view, role }) => view === "values" && role !== "id");
  const numbers = named(({ type, role }) => type === "numeric" && role !== "id");
  const own = [WHOLE, ORDER, ...columns.map(({ name }) => name)].includes(by ?? WHOLE);
  return [
    { value: WHOLE, label: WHOLE },
    ...(own || !by ? [] : [{ value: by, label: `by ${by}` }]),
    {
      group: "Windows of time",
      items: [...times, { value: ORDER, label: "by the order of the rows" }],
    },
    { group: "Groups", items: values },
    { group: "Windows of a number", items: numbers },
  ];
}

function kindOf(facts: DatasetFacts | undefined, by: string): string {
  if (by === ORDER) return "numeric";
  return facts?.columns.find(({ name }) => name === by)?.type ?? "";
}

/** The windows that one begins with. */
function started(facts: DatasetFacts | undefined, by: string) {
  if (by === WHOLE) return { by: undefined, windows: undefined };
  const kind = kindOf(facts, by);
  const windows = kind === "datetime" ? "quarter" : kind === "numeric" ? "8" : undefined;
  return { by, windows };
}
