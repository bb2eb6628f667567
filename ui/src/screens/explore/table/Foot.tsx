/** Which rows are in view, and a way to others. */
import { Button, NumberInput, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import classes from "@/screens/explore/table/Foot.module.css";
import { count } from "@/shared/format";

interface FootProps {
  from: number;
  to: number;
  total: number;
  onGoTo: (position: number) => void;
}

export function Foot({ from, to, total, onGoTo }: FootProps) {
  const [wanted, setWanted] = useState<string | number>("");
  const position = Number(wanted);
  const isKnown = wanted !== "" && position >= 1 && position <= total;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isKnown) onGoTo(position - 1);
  }

  return (
    <div className={classes.foot}>
      <Text size="xs" className="mp-soft">
        {total > 0 ? `${count(from + 1)} – ${count(to + 1)} of ${count(total)}` : "No rows"}
      </Text>
      <form onSubmit={submit} className={classes.form}>
        <NumberInput
          size="xs"
          w={124}
          hideControls
          min={1}
          max={Math.max(1, total)}
          allowDecimal={false}
          thousandSeparator=","
          aria-label="Position in this order to go to"
          placeholder="Go to position"
          value={wanted}
          onChange={setWanted}
        />
        <Button size="xs" variant="default" type="submit" disabled={!isKnown}>
          Go
        </Button>
      </form>
    </div>
  );
}
