/** Which problems are listed, by status: how many there are of each. */
import { Chip, Group } from "@mantine/core";
import type { ProblemRow, Problems } from "@/api/types";
import { one, type Search } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import { STATUS, STATUSES, type Status } from "@/screens/problems/problems";
import { count } from "@/shared/format";

export function StatusFilter({ found, isShown }: { found: Problems; isShown: boolean }) {
  const { search, set } = useSearch();
  const chosen = one(search, "status") ?? "";
  if (!isShown) return null;
  const there = STATUSES.filter((status) => found.counts[status]);
  return (
    <Group gap={6} mb="sm" role="group" aria-label="Status">
      <Choice name="" label={`All (${count(found.rows.length)})`} chosen={chosen} set={set} />
      {there.map((status) => (
        <Choice
          key={status}
          name={status}
          label={`${status} (${count(found.counts[status])})`}
          says={STATUS[status].says}
          chosen={chosen}
          set={set}
        />
      ))}
    </Group>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  says?: string;
  chosen: string;
  set: (changes: Search) => void;
}

function Choice({ name, label, says, chosen, set }: ChoiceProps) {
  return (
    <Chip
      size="xs"
      variant="light"
      checked={chosen === name}
      onChange={() => set({ status: name || undefined })}
      title={says}
    >
      {label}
    </Chip>
  );
}

/** The problems that the address asks for. */
export function problemsFor(rows: readonly ProblemRow[], search: Search): ProblemRow[] {
  const status = one(search, "status");
  return rows.filter((row) => !status || row.status === (status as Status));
}
