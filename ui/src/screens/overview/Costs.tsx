/** What each kind of error costs, and between which probabilities people decide instead. */
import { NumberInput, Switch } from "@mantine/core";
import { one } from "@/app/address";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/overview/Threshold.module.css";

const REVIEW = { review_low: "0.4", review_high: "0.6", cost_review: "0.1" };
const NO_REVIEW = { review_low: undefined, review_high: undefined, cost_review: undefined };

export function Costs() {
  const { search, set } = useSearch();
  const isReviewed = one(search, "review_low") !== undefined;
  const low = Number(one(search, "review_low") ?? 0);
  const high = Number(one(search, "review_high") ?? 1);
  return (
    <div className={classes.costs}>
      <Given name="cost_fp" label="A false alarm costs" usual={1} />
      <Given name="cost_fn" label="A miss costs" usual={1} />
      <Switch
        className={classes.review}
        label="People decide where it is unsure"
        checked={isReviewed}
        onChange={(event) => set(event.currentTarget.checked ? REVIEW : NO_REVIEW)}
      />
      {isReviewed && (
        <>
          <Given name="review_low" label="from probability" usual={low} max={high} step={0.05} />
          <Given name="review_high" label="to" usual={high} min={low} max={1} step={0.05} />
          <Given name="cost_review" label="A review costs" usual={0.1} step={0.05} />
        </>
      )}
    </div>
  );
}

interface GivenProps {
  name: string;
  label: string;
  usual: number;
  min?: number;
  max?: number;
  step?: number;
}

function Given({ name, label, usual, min = 0, ...range }: GivenProps) {
  const { search, set } = useSearch();
  return (
    <NumberInput
      label={label}
      size="xs"
      w={132}
      min={min}
      decimalScale={3}
      value={Number(one(search, name) ?? usual)}
      onChange={(value) => {
        if (typeof value === "number") set({ [name]: String(value) }, { replace: true });
      }}
      {...range}
    />
  );
}
