/** The review of labels: one row at a time, decided by a key. */
import { Button, Chip, Group, Kbd, Progress, Select, Text, TextInput } from "@mantine/core";
import type { LabelErrors } from "@/api/types";
import { Failure, Loading } from "@/app/states";
import classes from "@/screens/data/labels/Labels.module.css";
import { QueueList } from "@/screens/data/labels/QueueList";
import { ReviewCard } from "@/screens/data/labels/ReviewCard";
import { useKeys } from "@/screens/data/labels/useKeys";
import { type Reviewing, useReview } from "@/screens/data/labels/useReview";
import { count } from "@/shared/format";
import { Panel } from "@/shared/Panel";

export function Review({ found }: { found: LabelErrors }) {
  const review = useReview();
  useKeys(review);
  const { queue, done, total } = review;
  if (found.flagged === 0 && !review.isAudited) return null;
  return (
    <Panel
      title="Review"
      says="Decide row by row. A decision is kept with your name; the data stays as it is."
      actions={<Options review={review} />}
    >
      {queue.isPending && <Loading label="Reading the queue" />}
      {queue.isError && !queue.data && (
        <Failure error={queue.error} retry={() => void queue.refetch()} />
      )}
      {queue.data && (
        <>
          <Group gap="sm" mb="sm" wrap="nowrap">
            <Progress
              value={total > 0 ? (100 * done) / total : 100}
              aria-label="Rows with a decision"
              className={classes.progress}
            />
            <Text size="xs" className="mp-soft" style={{ flex: "none" }}>
              {count(done)} of {count(total)} decided
            </Text>
          </Group>
          <Shown review={review} />
        </>
      )}
    </Panel>
  );
}

function Shown({ review }: { review: Reviewing }) {
  const { rows, marks, current, done, total } = review;
  const isThrough = rows.every(({ row }) => marks.has(row));
  return (
    <>
      {isThrough && (
        <div className={classes.through}>
          <b>{done >= total ? "All rows in doubt have a decision." : "These rows are decided."}</b>
          {done < total ? (
            <Button size="compact-sm" onClick={review.more}>
              Next rows
            </Button>
          ) : (
            <Text size="sm" className="mp-soft">
              What was decided stands below; a new version of the data can be made of it.
            </Text>
          )}
        </div>
      )}
      {current && (
        <div className={classes.review}>
          <ReviewCard key={current.row} review={review} row={current} />
          <div className={classes.side}>
            <Legend review={review} />
            <QueueList review={review} />
          </div>
        </div>
      )}
    </>
  );
}

function Options({ review }: { review: Reviewing }) {
  return (
    <Group gap="xs" align="flex-end">
      <Chip
        size="xs"
        title="Rows that are not in doubt among them: they tell how many errors were missed"
        checked={review.isAudited}
        onChange={(on) => review.choose({ audit: on ? "yes" : undefined })}
      >
        mix in rows not in doubt
      </Chip>
      <Select
        size="xs"
        w={170}
        aria-label="Order"
        allowDeselect={false}
        value={review.order}
        onChange={(value) =>
          review.choose({ order: value === "score" ? undefined : (value ?? undefined) })
        }
        data={[
          { value: "score", label: "Likeliest error first" },
          { value: "cost", label: "Costliest first" },
          { value: "class", label: "Label by label" },
          { value: "random", label: "At random" },
        ]}
      />
      <TextInput
        size="xs"
        w={120}
        aria-label="Your name"
        placeholder="your name"
        value={review.who}
        onChange={(event) => review.setWho(event.currentTarget.value)}
      />
    </Group>
  );
}

function Legend({ review }: { review: Reviewing }) {
  return (
    <p className={classes.legend}>
      {review.queue.data?.keys.map(({ key, meaning }) => (
        <span key={key}>
          <Kbd size="xs">{key}</Kbd> {meaning}
        </span>
      ))}
    </p>
  );
}
