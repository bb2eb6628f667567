/** One row whose label is in doubt: what it says, what the model says, why, and the choice. */
import { Badge, Button, Group, Text, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconHelp, IconSwitchHorizontal } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type MouseEvent, useState } from "react";
import { useEvaluation } from "@/api/queries";
import type { Example, LabelChoice, QueueRow } from "@/api/types";
import { useData } from "@/screens/data/dataHere";
import classes from "@/screens/data/labels/Labels.module.css";
import { usePlace } from "@/screens/data/labels/place";
import type { Reviewing } from "@/screens/data/labels/useReview";
import { Neighbours } from "@/screens/row/Neighbours";
import { cell, percent } from "@/shared/format";

const LONG = 60; // letters from which on a value is a text of its own

export function ReviewCard({ review, row }: { review: Reviewing; row: QueueRow }) {
  const { mark } = review;
  const { columns } = useData();
  const kinds = new Map(columns.map(({ name, type }) => [name, type]));
  const isText = (name: unknown, value: unknown) =>
    kinds.get(String(name)) === "text" || (typeof value === "string" && value.length > LONG);
  const texts = row.inputs.filter(([name, value]) => isText(name, value));
  const values = row.inputs.filter(([name, value]) => !isText(name, value));
  return (
    <article className={classes.card} aria-label={`Row ${row.row}`}>
      <Heading review={review} row={row} />
      <p className={classes.question}>
        Labelled <b className={classes.given}>{cell(row.given)}</b>
        {row.kind === "suspected" && (
          <>
            , and looks like <b className={classes.suggested}>{cell(row.suggested)}</b>
          </>
        )}
      </p>
      <Text size="sm" className="mp-soft mp-sentence" mb="sm">
        {row.reason}
      </Text>
      {texts.map(([name, value]) => (
        <div key={name} className={classes.text}>
          <span className="mp-soft">{name}</span>
          <p>{cell(value)}</p>
        </div>
      ))}
      <Choices row={row} review={review} />
      <Group gap="xs" mt="sm">
        <Button
          size="sm"
          variant={mark?.decision === "keep" ? "filled" : "default"}
          leftSection={<IconCheck size={16} />}
          onClick={once(() => review.decide("keep"))}
        >
          Keep {cell(row.given)}
          <Key name="k" />
        </Button>
        <Button
          size="sm"
          variant={mark && mark.decision !== "relabel" ? "default" : "filled"}
          leftSection={<IconSwitchHorizontal size={16} />}
          onClick={once(() => review.decide("relabel"))}
        >
          Relabel as {cell(row.suggested)}
          <Key name="r" />
        </Button>
        <Button
          size="sm"
          variant={mark?.decision === "unsure" ? "filled" : "default"}
          leftSection={<IconHelp size={16} />}
          onClick={once(() => review.decide("unsure"))}
        >
          Unsure
          <Key name="u" />
        </Button>
        <TextInput
          size="sm"
          className={classes.note}
          aria-label="Why, for others"
          placeholder="why, for others (may be empty)"
          value={review.note}
          onChange={(event) => review.setNote(event.currentTarget.value)}
        />
      </Group>
      {values.length > 0 && (
        <dl className={classes.values}>
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{cell(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <Alike row={row.row} />
    </article>
  );
}

function Heading({ review, row }: { review: Reviewing; row: QueueRow }) {
  const { place } = usePlace();
  return (
    <Group gap="xs" mb={4}>
      <Link
        to="/e/$model/$dataset/row/$row"
        params={{ ...place, row: String(row.row) }}
        className={classes.rowLink}
      >
        Row {row.row}
      </Link>
      {row.id !== null && row.id !== row.row && (
        <Text size="sm" className="mp-soft">
          {cell(row.id)}
        </Text>
      )}
      {row.kind === "audit" && (
        <Badge size="sm" variant="light" color="gray" tt="none">
          not in doubt, drawn to see what was missed
        </Badge>
      )}
      {review.mark && (
        <Badge size="sm" variant="light" tt="none">
          {review.mark.decision === "relabel"
            ? `relabelled as ${cell(review.mark.label)}`
            : SAID[review.mark.decision]}
        </Badge>
      )}
      <Button
        ml="auto"
        size="compact-xs"
        variant="subtle"
        leftSection={<IconArrowBackUp size={14} />}
        disabled={!review.canUndo}
        onClick={review.undo}
      >
        Undo
      </Button>
    </Group>
  );
}

/** The second click of a double one would decide the next row, which nobody has seen yet. */
function once(act: () => void) {
  return (event: MouseEvent) => {
    if (event.detail <= 1) act();
  };
}

function Key({ name }: { name: string }) {
  return (
    <span className={classes.hint} aria-hidden>
      {name}
    </span>
  );
}

const SAID: Record<string, string> = { keep: "kept", unsure: "unsure" };

interface ChoicesProps {
  row: QueueRow;
  review: Reviewing;
}

/** The classes with what the model gives them; a click chooses one. */
function Choices({ row, review }: ChoicesProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? row.choices : row.choices.slice(0, FEW);
  const choose = (choice: LabelChoice) =>
    choice.is_given ? review.decide("keep") : review.decide("relabel", choice.label);
  return (
    <ul className={classes.choices} aria-label="What the model gives each class">
      {shown.map((choice) => (
        <li key={cell(choice.label)}>
          <button
            type="button"
            className={classes.choice}
            data-given={choice.is_given || undefined}
            data-suggested={choice.is_suggested || undefined}
            onClick={once(() => choose(choice))}
          >
            <span className={classes.key}>{choice.key}</span>
            <span className={classes.className}>{cell(choice.label)}</span>
            <span className={classes.track} aria-hidden>
              <i style={{ width: `${100 * (choice.probability ?? 0)}%` }} />
            </span>
            <span className={classes.chance}>{percent(choice.probability)}</span>
            <span className={classes.word}>
              {choice.is_given ? "label now" : choice.is_suggested ? "suggested" : ""}
            </span>
          </button>
        </li>
      ))}
      {row.choices.length > FEW && (
        <li>
          <Button size="compact-xs" variant="subtle" onClick={() => setWhole(!isWhole)}>
            {isWhole ? "fewer classes" : `all ${row.choices.length} classes`}
          </Button>
        </li>
      )}
    </ul>
  );
}

const FEW = 6;

/** Rows like it, to compare with. */
function Alike({ row }: { row: number }) {
  const { place } = usePlace();
  const example = useEvaluation<Example>(place, `rows/${row}`);
  if (example.data?.number !== row) return null;
  return (
    <div className={classes.alike}>
      <Neighbours example={example.data} />
    </div>
  );
}
