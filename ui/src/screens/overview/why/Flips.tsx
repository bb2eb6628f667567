/** If one attribute alone were different: how many predictions change, all else equal. */
import { Button, Group, Select, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useWork } from "@/api/queries";
import type { Flip, Flips as Found } from "@/api/types";
import { many, one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { Failure, Loading } from "@/app/states";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/overview/why/Flips.module.css";
import { amount, cell, count, counted, differing, percent } from "@/shared/format";
import { JobProgress } from "@/shared/JobProgress";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const CHOSEN = new Set(["categorical", "boolean", "numeric"]);

export function Flips() {
  const { place, facts } = useHere();
  const { search, set } = useSearch();
  const columns = facts.columns.filter(
    ({ type, role, is_reserved }) =>
      !is_reserved && CHOSEN.has(type) && role !== "label" && role !== "id",
  );
  const asked = one(search, "flip");
  const column = columns.find(({ name }) => name === asked);
  const isNumber = column?.type === "numeric";
  const values = many(search, "to");
  const where = one(search, "where");
  const isReady = column !== undefined && (!isNumber || (values?.length ?? 0) > 0);
  const work = useWork<Found>(
    place,
    "flips",
    { column: column?.name, values: isNumber ? values : undefined, where },
    { enabled: isReady },
  );
  const found = isReady ? work.data?.result : undefined;
  return (
    <Panel
      name="flips"
      title="If one attribute alone were different"
      says="Each row is asked about again with another value, all else equal: an attribute that should not matter should change nothing."
    >
      <Group align="end" gap="sm">
        <Select
          size="xs"
          w={230}
          label="Attribute"
          placeholder="Choose a column"
          searchable
          data={columns.map(({ name }) => name)}
          value={column?.name ?? null}
          onChange={(flip) => set({ flip: flip ?? undefined, to: undefined }, { replace: true })}
        />
        {isNumber && <Values key={column.name} values={values ?? []} />}
      </Group>
      {isReady && work.isError && !found && (
        <Failure error={work.error} retry={() => void work.refetch()} />
      )}
      {isReady && work.isLoading && <Loading label="Asking the model" lines={4} />}
      {isReady && work.data?.job && <JobProgress job={work.data.job} retry={work.restart} />}
      {found && <Shown found={found} />}
    </Panel>
  );
}

/** Numbers have no categories: to which values rows are set is said here. */
function Values({ values }: { values: readonly string[] }) {
  const { set } = useSearch();
  const [text, setText] = useState(values.join(", "));
  function submit(event: FormEvent) {
    event.preventDefault();
    const to = text.split(",").map((value) => value.trim());
    set({ to: to.filter((value) => value !== "") }, { replace: true });
  }
  return (
    <form onSubmit={submit} className={classes.values}>
      <TextInput
        size="xs"
        w={170}
        label="Set it to"
        placeholder="30, 60"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" type="submit" disabled={text.trim() === ""}>
        Ask
      </Button>
    </form>
  );
}

const SHOWN = 6;

function Shown({ found }: { found: Found }) {
  const [isWhole, setWhole] = useState(false);
  const { rows, share, low, high, n, measure, is_input, note } = found;
  const most = Math.max(0, ...rows.map((row) => row.high ?? row.share ?? 0));
  const of = /^probability of (.+)$/.exec(measure)?.[1];
  return (
    <div className={classes.found}>
      <p className={classes.headline}>
        <b>{percent(share)}</b>{" "}
        <span className="mp-soft">
          ({percent(low)} – {percent(high)})
        </span>{" "}
        of {counted(n, "row")} would be predicted otherwise.
        {!is_input && " The model is not given this column."}
      </p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">From → to</th>
            <th scope="col">Predictions that change</th>
            <th scope="col">Mean {measure} moves by</th>
          </tr>
        </thead>
        <tbody>
          {(isWhole ? rows : rows.slice(0, SHOWN)).map((row) => (
            <Line key={`${cell(row.value)} ${cell(row.other)}`} row={row} most={most} of={of} />
          ))}
        </tbody>
      </table>
      <MoreButton
        n={rows.length}
        shown={SHOWN}
        things="pairs"
        isWhole={isWhole}
        setWhole={setWhole}
      />
      <Text size="xs" className="mp-soft" mt={6}>
        {note && `${note} `}Nought is an answer about this column only: what goes with it stays as
        it is.
      </Text>
    </div>
  );
}

interface LineProps {
  row: Flip;
  most: number;
  of: string | undefined; // the class looked at
}

function Line({ row, most, of }: LineProps) {
  const place = (x: number | null) => `${(100 * (x ?? 0)) / (most || 1)}%`;
  const { share, low, high, n, flips, gained, lost, shift, shift_low, shift_high } = row;
  const moved = differing(shift, shift_low, shift_high, of === undefined ? amount : percent);
  return (
    <tr>
      <th scope="row">
        {cell(row.value)} → {cell(row.other)}
      </th>
      <td>
        <span className={classes.axis} aria-hidden>
          <i data-mark="bar" style={{ width: place(share) }} />
          <i
            data-mark="range"
            style={{ left: place(low), width: `calc(${place(high)} - ${place(low)})` }}
          />
        </span>
        <b>{percent(share)}</b>{" "}
        <span className="mp-soft">
          {count(flips)} of {count(n)}
          {of !== undefined &&
            gained + lost > 0 &&
            `, ${count(gained)} become ${of}, ${count(lost)} no longer are`}
        </span>
      </td>
      <td className={classes.shift}>
        <b>{moved.amount}</b> <span className="mp-soft">{moved.span}</span>
      </td>
    </tr>
  );
}
