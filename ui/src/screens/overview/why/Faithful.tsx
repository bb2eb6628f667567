/** Whether the attributions hold: taking out, and putting in, what is said to matter. */
import { Text } from "@mantine/core";
import { useCallback } from "react";
import type { Faithfulness } from "@/api/types";
import classes from "@/screens/overview/why/Faithful.module.css";
import { amount, counted, percent } from "@/shared/format";
import { type Library, PlotFigure } from "@/shared/PlotFigure";

const HEIGHT = 150;

export function Faithful({ found }: { found: Faithfulness }) {
  const { deletion, deletion_low, deletion_high, insertion, insertion_low, insertion_high } = found;
  return (
    <section aria-label="Do the attributions hold?">
      <h3 className={classes.title}>Do the attributions hold?</h3>
      <Text size="sm">
        Taking out first what supports the answer lowers its {found.scale} by{" "}
        <b>{amount(deletion)}</b>{" "}
        <span className="mp-soft">
          ({amount(deletion_low)} – {amount(deletion_high)})
        </span>{" "}
        more than taking out anything; putting it in first raises it by <b>{amount(insertion)}</b>{" "}
        <span className="mp-soft">
          ({amount(insertion_low)} – {amount(insertion_high)})
        </span>{" "}
        more. 0 would be attributions that say nothing.
      </Text>
      <div className={classes.pair}>
        <Curves found={found} curve="deletion" title="taken out" />
        <Curves found={found} curve="insertion" title="put in" />
      </div>
      <p className={classes.legend}>
        <span>
          <i data-mark="own" aria-hidden /> by attribution
        </span>
        <span>
          <i data-mark="random" aria-hidden /> in random order
        </span>
        <span>{counted(found.n, "row")}</span>
      </p>
    </section>
  );
}

interface CurvesProps {
  found: Faithfulness;
  curve: string;
  title: string;
}

function Curves({ found, curve, title }: CurvesProps) {
  const draw = useCallback(
    (plot: Library) => drawn(plot, found, curve, title),
    [found, curve, title],
  );
  const own = found.rows.filter((row) => row.curve === curve);
  const says = own.map(({ share, value }) => `${percent(share, 0)}: ${amount(value)}`).join("; ");
  return (
    <PlotFigure label={`${found.scale}, share ${title}: ${says}`} height={HEIGHT} draw={draw} />
  );
}

function drawn(plot: Library, { rows, scale }: Faithfulness, curve: string, title: string) {
  const own = rows.filter((row) => row.curve === curve);
  const random = rows.filter((row) => row.curve === `random ${curve}`);
  const line = { x: "share", y: "value" } as const;
  const band = { x: "share", y1: "low", y2: "high", fillOpacity: 0.15 } as const;
  const isShare = scale === "probability";
  return {
    x: { label: `share ${title}`, ticks: 3, tickFormat: "%" },
    y: { label: scale, ticks: 3, tickFormat: isShare ? "%" : "~s" },
    marginLeft: 40,
    marginRight: 14,
    marginBottom: 36,
    marginTop: 24,
    marks: [
      plot.gridY({ stroke: "var(--mp-line)", strokeOpacity: 1, ticks: 3 }),
      plot.areaY(random, { ...band, fill: "var(--mp-soft)" }),
      plot.areaY(own, { ...band, fill: "var(--mp-selected)" }),
      plot.line(random, { ...line, stroke: "var(--mp-soft)", strokeDasharray: "3 3" }),
      plot.line(own, { ...line, stroke: "var(--mp-selected)", strokeWidth: 2 }),
    ],
  };
}
