/** The head of a column that sorts its table. */
import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";

interface SortHeadProps {
  title: string;
  isSorted: boolean;
  isDown: boolean;
  sort: () => void;
}

export function SortHead({ title, isSorted, isDown, sort }: SortHeadProps) {
  const Arrow = isDown ? IconArrowDown : IconArrowUp;
  const order = isDown ? "descending" : "ascending";
  return (
    <Table.Th aria-sort={isSorted ? order : "none"} style={{ whiteSpace: "nowrap" }}>
      <UnstyledButton fz="sm" fw={600} onClick={sort}>
        {title} {isSorted && <Arrow size={12} aria-hidden />}
      </UnstyledButton>
    </Table.Th>
  );
}
