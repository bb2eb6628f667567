/** Confidence against the share that is right, with intervals, above how many rows have it. */
import { SegmentedControl, Table } from "@mantine/core";
import { useCallback, useState } from "react";
import type { CalibrationPart } from "@/api/types";
import { compact, count, counted, percent } from "@/shared/format";
import { Panel } from "@/shared/Panel";
import { type Library, PlotFigure } from "@/shared/PlotFigure";
import { Scroll } from "@/shared/Scroll";

const HEIGHT = 270;
const FLOOR = -0.3; // where the bars of the rows stand, below the share that is right
const TALLEST = 0.2;

export function Calibration({ part }: { part: CalibrationPart }) {
  const [view, setView] = useState("chart");
  const says = `Confidence is ${percent(part.ece)} off on average (${percent(part.ece_low)} – ${percent(part.ece_high)}).`;
  const draw = useCallback((plot: Library) => drawn(plot, part), [part]);
  return (
    <Panel
      name="calibration"
      title="Calibration"
      says={says}
      actions={
        <SegmentedControl
          size="xs"
          value={view}
          onChange={setView}
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          aria-label="Calibration as"
        />
      }
    >
      {view === "chart" ? (
        <PlotFigure label={`Calibration. ${says}`} height={HEIGHT} draw={draw} />
      ) : (
        <Bins part={part} />
      )}
    </Panel>
  );
}

function drawn(plot: Library, part: CalibrationPart) {
  const bins = part.bins.map((bin) => ({ ...bin }));
  const first = Math.min(...bins.map(({ low }) => low ?? 0), 1);
  const most = Math.max(...bins.map(({ n }) => n), 1);
  const top = (n: number) => FLOOR + (TALLEST * n) / most;
  return {
    x: { domain: [first, 1], label: "confidence", tickFormat: "%", ticks: 5 },
    y: { domain: [FLOOR, 1], label: "right", ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: "%" },
    marginLeft: 44,
    marginBottom: 42,
    marks: [
      plot.gridY([0, 0.25, 0.5, 0.75, 1], { stroke: "var(--mp-line)", strokeOpacity: 1 }),
      plot.rect(bins, {
        x1: "low",
        x2: "high",
        y1: FLOOR,
        y2: (bin) => top(bin.n),
        fill: "var(--mp-rows)",
        inset: 0.5,
      }),
      plot.text(bins, {
        x: (bin) => ((bin.low ?? 0) + (bin.high ?? 0)) / 2,
        y: (bin) => top(bin.n),
        dy: -6,
        text: (bin) => (bins.length > 6 ? compact(bin.n) : count(bin.n)),
        fill: "var(--mp-soft)",
        fontSize: 10,
      }),
      plot.line([first, 1], {
        x: (x: number) => x,
        y: (x: number) => x,
        stroke: "var(--mp-soft)",
        strokeDasharray: "3 4",
      }),
      plot.ruleX(bins, {
        x: "confidence",
        y1: "accuracy_low",
        y2: "accuracy_high",
        stroke: "var(--mp-selected)",
        strokeWidth: 1.5,
      }),
      plot.dot(bins, {
        x: "confidence",
        y: "accuracy",
        r: 4,
        fill: "var(--mp-selected)",
        tip: true,
        title: (bin) =>
          `confidence ${percent(bin.confidence)}\nright ${percent(bin.accuracy)} (${percent(bin.accuracy_low)} – ${percent(bin.accuracy_high)})\n${counted(bin.n, "row")}`,
      }),
    ],
  };
}

function Bins({ part }: { part: CalibrationPart }) {
  return (
    <Scroll label="Table of confidence">
      <Table verticalSpacing={4} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Confidence</Table.Th>
            <Table.Th>Right</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {part.bins.map((bin) => (
            <Table.Tr key={bin.low}>
              <Table.Td>{percent(bin.confidence)}</Table.Td>
              <Table.Td>
                {percent(bin.accuracy)}{" "}
                <span className="mp-soft">
                  {percent(bin.accuracy_low)} – {percent(bin.accuracy_high)}
                </span>
              </Table.Td>
              <Table.Td ta="right">{count(bin.n)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
