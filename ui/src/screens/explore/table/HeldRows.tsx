/** Which rows an export holds, in either of its two orders. */
import { SegmentedControl, Text } from "@mantine/core";
import type { About } from "@/api/exported";
import { useSearch } from "@/app/useSearch";
import { count } from "@/shared/format";

interface HeldRowsProps {
  about: About;
  order: string | undefined;
}

export function HeldRows({ about, order }: HeldRowsProps) {
  const { set } = useSearch();
  const { n, rows, worst } = about;
  return (
    <>
      <Text size="xs" className="mp-soft" style={{ alignSelf: "center", whiteSpace: "nowrap" }}>
        {rows < n ? `The first ${count(rows)} of ${count(n)}` : `All ${count(n)}`}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label="Order of the rows"
        value={order ?? ""}
        onChange={(next) => set({ order_by: next || undefined, at: undefined })}
        data={[
          { value: worst, label: "Worst first" },
          { value: "", label: "In order" },
        ]}
      />
    </>
  );
}
