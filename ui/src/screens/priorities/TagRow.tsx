/** One tag: what it is worth to mend it; ease, importance, ceiling and note are set in place. */
import { Table, Text } from "@mantine/core";
import type { Priority } from "@/api/types";
import { EditedNumber } from "@/screens/priorities/EditedNumber";
import { EditedText } from "@/screens/priorities/EditedText";
import classes from "@/screens/priorities/Priorities.module.css";
import { useSettings } from "@/screens/priorities/useSettings";
import { Estimate } from "@/shared/Estimate";
import { ExploreLink } from "@/shared/ExploreLink";
import { count, number, percent, short, signed } from "@/shared/format";
import { RateBar } from "@/shared/RateBar";

interface TagRowProps {
  row: Priority;
  most: number; // the end of the axis of all gains
  isShare: boolean;
}

const NO_TAG = "all others"; // what the table calls rows without a tag

export function TagRow({ row, most, isShare }: TagRowProps) {
  const { change, isSaving } = useSettings(row.tag);
  const isTag = row.tag !== NO_TAG;
  const show = isShare ? percent : number;
  return (
    <Table.Tr title={row.sentence} aria-busy={isSaving}>
      <Table.Th scope="row" className={classes.tag}>
        <ExploreLink where={row.where}>{row.tag}</ExploreLink>
      </Table.Th>
      <Table.Td>
        {count(row.n)}
        <Text size="xs" className="mp-soft" style={{ whiteSpace: "nowrap" }}>
          {percent(row.share_of_data)}
        </Text>
      </Table.Td>
      <Table.Td>{percent(row.share_of_errors)}</Table.Td>
      <Table.Td className={classes.stacked}>
        <Estimate
          value={isShare ? row.error_rate : row.value}
          low={isShare ? row.error_low : null}
          high={isShare ? row.error_high : null}
          n={row.n}
          show={show}
        />
      </Table.Td>
      <Table.Td>
        {isTag ? (
          <EditedNumber
            label={`Ceiling of ${row.tag}`}
            value={row.ceiling}
            step={0.01}
            min={0}
            max={isShare ? 1 : undefined}
            save={(ceiling) => change({ ceiling })}
          />
        ) : (
          short(row.ceiling)
        )}
        <Text size="xs" className="mp-soft">
          {row.ceiling_source}
        </Text>
      </Table.Td>
      <Table.Td>{signed(row.gap, show)}</Table.Td>
      <Table.Td className={classes.gain}>
        <Estimate value={row.gain} low={row.low} high={row.high} n={row.n} show={show} />
        <RateBar value={row.gain} rest={null} low={row.low} high={row.high} most={most} isGood />
        <Text size="xs" className="mp-soft">
          {row.gain === null ? "no ceiling yet" : row.is_certain ? "" : "may be chance"}
        </Text>
      </Table.Td>
      {isTag && <Said row={row} change={change} />}
    </Table.Tr>
  );
}

interface SaidProps {
  row: Priority;
  change: ReturnType<typeof useSettings>["change"];
}

/** What people say of the tag. */
function Said({ row, change }: SaidProps) {
  return (
    <>
      <Table.Td>
        <EditedNumber
          label={`Ease of ${row.tag}, 1 to 5`}
          placeholder="1–5"
          value={row.ease}
          min={1}
          max={5}
          isWhole
          save={(ease) => change({ ease })}
        />
      </Table.Td>
      <Table.Td>
        <EditedNumber
          label={`Importance of ${row.tag}, 1 to 5`}
          placeholder="1–5"
          value={row.importance}
          min={1}
          max={5}
          isWhole
          save={(importance) => change({ importance })}
        />
      </Table.Td>
      <Table.Td className={classes.note}>
        <EditedText
          label={`Note on ${row.tag}`}
          placeholder="what to do"
          value={row.note}
          save={(note) => change({ note })}
        />
      </Table.Td>
    </>
  );
}
