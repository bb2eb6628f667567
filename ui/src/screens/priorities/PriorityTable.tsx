/** The priority table; ease, importance, ceiling and note are set where they stand. */
import { NumberInput, Table, TextInput } from "@mantine/core";
import { useState } from "react";
import { evaluationPath, send } from "@/api/client";
import { forgetEvaluation } from "@/api/queries";
import type { Priorities, Priority } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/screens/priorities/Priorities.module.css";
import { Estimate } from "@/shared/Estimate";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, percent } from "@/shared/format";
import { RateBar } from "@/shared/RateBar";
import { toast } from "@/shared/toast";

export function PriorityTable({ found }: { found: Priorities }) {
  const isShare = found.metric === "accuracy";
  const most = Math.max(...found.rows.map(({ high, gain }) => high ?? gain ?? 0), 0);
  return (
    <div className={classes.scroll}>
      <Table verticalSpacing={6} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Tag</Table.Th>
            <Table.Th>Rows</Table.Th>
            <Table.Th>Of the data</Table.Th>
            <Table.Th>Of the errors</Table.Th>
            <Table.Th>{isShare ? "Wrong" : found.metric}</Table.Th>
            <Table.Th>Ceiling</Table.Th>
            <Table.Th>Possible gain</Table.Th>
            <Table.Th>Ease</Table.Th>
            <Table.Th>Importance</Table.Th>
            <Table.Th>Note</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.rows.map((row) => (
            <TagRow key={row.tag} row={row} most={most} isShare={isShare} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

type Settings = Partial<Pick<Priority, "ease" | "importance" | "ceiling" | "note">>;

function useSettings(tag: string): (settings: Settings) => Promise<void> {
  const { place } = useHere();
  return async (settings) => {
    const path = evaluationPath(place.model, place.dataset, `tags/${encodeURIComponent(tag)}`);
    try {
      await send("PATCH", path, { body: settings });
    } catch (fault) {
      toast({ text: fault instanceof Error ? fault.message : "It was not saved.", isFault: true });
    }
    await forgetEvaluation(place);
  };
}

function TagRow({ row, most, isShare }: { row: Priority; most: number; isShare: boolean }) {
  const change = useSettings(row.tag);
  const show = isShare ? percent : number;
  const isTag = row.where.startsWith("tag(");
  return (
    <Table.Tr title={row.sentence}>
      <Table.Td fw={600}>
        <ExploreLink where={row.where}>{row.tag}</ExploreLink>
      </Table.Td>
      <Table.Td>{count(row.n)}</Table.Td>
      <Table.Td>{percent(row.share_of_data)}</Table.Td>
      <Table.Td>{percent(row.share_of_errors)}</Table.Td>
      <Table.Td>
        <Estimate
          value={isShare ? row.error_rate : row.value}
          low={isShare ? row.error_low : null}
          high={isShare ? row.error_high : null}
          n={row.n}
          show={show}
        />
      </Table.Td>
      <Table.Td>
        {isTag && (
          <Edited
            label={`Ceiling of ${row.tag}`}
            value={row.ceiling}
            step={0.01}
            min={0}
            max={isShare ? 1 : undefined}
            save={(ceiling) => change({ ceiling })}
            description={row.ceiling_source}
          />
        )}
      </Table.Td>
      <Table.Td className={classes.gain}>
        <Estimate value={row.gain} low={row.low} high={row.high} n={row.n} show={show} />
        <RateBar value={row.gain} rest={null} low={row.low} high={row.high} most={most} />
      </Table.Td>
      {isTag && <Said row={row} change={change} />}
    </Table.Tr>
  );
}

interface SaidProps {
  row: Priority;
  change: (settings: Settings) => Promise<void>;
}

/** What people say of a tag. */
function Said({ row, change }: SaidProps) {
  return (
    <>
      <Table.Td>
        <Edited
          label={`Ease of ${row.tag}, 1 to 5`}
          value={row.ease}
          min={1}
          max={5}
          save={(ease) => change({ ease })}
        />
      </Table.Td>
      <Table.Td>
        <Edited
          label={`Importance of ${row.tag}, 1 to 5`}
          value={row.importance}
          min={1}
          max={5}
          save={(importance) => change({ importance })}
        />
      </Table.Td>
      <Table.Td className={classes.note}>
        <TextInput
          size="xs"
          aria-label={`Note on ${row.tag}`}
          defaultValue={row.note}
          placeholder="what to do"
          onBlur={(event) => {
            if (event.currentTarget.value !== row.note)
              void change({ note: event.currentTarget.value });
          }}
        />
      </Table.Td>
    </>
  );
}

interface EditedProps {
  label: string;
  value: number | null;
  min?: number;
  max?: number | undefined;
  step?: number;
  description?: string;
  save: (value: number | null) => Promise<void>;
}

/** A number that is saved when one leaves it, or presses Enter. */
function Edited({ label, value, save, description, ...range }: EditedProps) {
  const [text, setText] = useState<string | number>(value ?? "");
  const [before, setBefore] = useState(value);
  if (before !== value) {
    setBefore(value);
    setText(value ?? "");
  }
  const commit = () => {
    const next = text === "" ? null : Number(text);
    if (next !== value) void save(next);
  };
  return (
    <NumberInput
      size="xs"
      className={classes.edit}
      aria-label={label}
      title={description}
      hideControls
      decimalScale={3}
      value={text}
      onChange={setText}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
      {...range}
    />
  );
}
