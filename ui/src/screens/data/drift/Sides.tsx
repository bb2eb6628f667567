/** The two sets of rows: a dataset or an evaluation each, perhaps a cohort of it. */
import { Badge, Button, Group, Select, Text, TextInput } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Drift } from "@/api/types";
import { useData } from "@/screens/data/dataHere";
import classes from "@/screens/data/drift/Drift.module.css";
import { PartsPicker } from "@/screens/data/drift/PartsPicker";
import { Starts } from "@/screens/data/drift/Starts";
import type { Side, Sides as SidesOf } from "@/screens/data/drift/useSides";
import { counted } from "@/shared/format";
import { Panel } from "@/shared/Panel";

const WORDS: Record<string, string> = {
  drift: "drift",
  same: "no drift",
  unsure: "not enough rows to tell",
};

export function Sides({ sides, found }: { sides: SidesOf; found: Drift | undefined }) {
  const { reference, current, take } = sides;
  return (
    <Panel
      title={found ? found.note : "What is compared with what"}
      actions={
        found && (
          <Badge
            variant="light"
            tt="none"
            color={found.verdict === "drift" ? "wrong" : found.verdict === "same" ? "teal" : "gray"}
          >
            {WORDS[found.verdict] ?? found.verdict}
          </Badge>
        )
      }
    >
      <div className={classes.sides}>
        <Picker
          name="Reference"
          side={reference}
          n={found?.reference.n}
          sides={sides}
          change={(side) => take(side, current)}
        />
        <Button
          size="compact-sm"
          variant="default"
          className={classes.swap}
          aria-label="Swap the two sides"
          title="Swap the two sides"
          onClick={() => take(current, reference)}
        >
          <IconArrowsExchange size={16} />
        </Button>
        <Picker
          name="Current"
          side={current}
          n={found?.source.n}
          sides={sides}
          change={(side) => take(reference, side)}
        />
      </div>
      {sides.isSame ? <Starts sides={sides} /> : <PartsPicker sides={sides} />}
      {found?.notes.map((note) => (
        <Text key={note} size="xs" className="mp-soft mp-sentence" mt={4}>
          {note}
        </Text>
      ))}
    </Panel>
  );
}

interface PickerProps {
  name: string;
  side: Side;
  n: number | undefined;
  sides: SidesOf;
  change: (side: Side) => void;
}

function Picker({ name, side, n, sides, change }: PickerProps) {
  const [where, setWhere] = useState(side.where);
  useEffect(() => setWhere(side.where), [side.where]);
  const { evaluations, datasets } = sides.refs;
  const example = useExample();

  function submit() {
    if (where.trim() !== side.where) change({ ...side, where: where.trim() });
  }

  return (
    <div className={classes.side}>
      <Group gap={8} justify="space-between" wrap="nowrap">
        <Text size="sm" fw={600}>
          <i className={classes.swatch} data-side={name.toLowerCase()} aria-hidden /> {name}
        </Text>
        <Text size="xs" className="mp-soft">
          {n === undefined ? "" : `${counted(n, "row")}`}
        </Text>
      </Group>
      <Select
        size="sm"
        aria-label={`${name}: dataset or evaluation`}
        allowDeselect={false}
        searchable
        value={side.ref}
        onChange={(ref) => ref && change({ ref, where: side.where })}
        data={[
          { group: "Evaluations", items: withOwn(evaluations, side.ref, true) },
          { group: "Datasets", items: withOwn(datasets, side.ref, false) },
        ]}
      />
      <TextInput
        size="sm"
        mt={6}
        aria-label={`${name}: only rows of the cohort`}
        placeholder={`all rows; or a cohort, such as ${example}`}
        className="mp-mono"
        value={where}
        onChange={(event) => setWhere(event.currentTarget.value)}
        onBlur={submit}
        onKeyDown={(event) => event.key === "Enter" && submit()}
      />
    </div>
  );
}

/** A cohort of a column that there is. */
function useExample(): string {
  const { columns } = useData();
  const number = columns.find(({ type, role }) => type === "numeric" && role === "input");
  return number ? `${number.name} >= 50` : "row >= 100";
}

/** The names with the chosen one, which may not be listed yet. */
function withOwn(refs: readonly string[], own: string, isEvaluation: boolean): string[] {
  const isMissing = own.includes("/") === isEvaluation && !refs.includes(own);
  return isMissing ? [own, ...refs] : [...refs];
}
