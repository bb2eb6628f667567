/** The confusion of many classes as an image: the diagonal blue, errors orange; arrows move. */
import { useMantineTheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import type { ConfusionPart, Facts } from "@/api/types";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { cellWhere } from "@/screens/overview/Confusion";
import classes from "@/screens/overview/Confusion.module.css";
import { allOf } from "@/shared/cohortText";
import { count, percent } from "@/shared/format";

interface HeatMapProps {
  part: ConfusionPart;
  counts: readonly (readonly number[])[];
  values: Facts["classes"];
}

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function HeatMap({ part, counts, values }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [[i, j], setCell] = useState([0, 0]);
  const { colors } = useMantineTheme();
  const { place } = useHere();
  const { search } = useSearch();
  const navigate = useNavigate();
  const size = part.classes.length;

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paint(context, counts, colors.ink?.[6] ?? "", colors.wrong?.[6] ?? "");
  }, [counts, colors]);

  function open() {
    const where = allOf(one(search, "where"), cellWhere(values[i] ?? null, values[j] ?? null));
    const to = "/e/$model/$dataset/explore";
    void navigate({ to, params: place, search: { where } as never });
  }

  function point(event: MouseEvent<HTMLCanvasElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const at = (x: number, width: number) => Math.min(size - 1, Math.floor((x / width) * size));
    setCell([at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width)]);
  }

  function press(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (event.key === "Enter") open();
    if (!step) return;
    event.preventDefault();
    setCell([(i + step[0] + size) % size, (j + step[1] + size) % size]);
  }

  const row = counts[i] ?? [];
  const total = row.reduce((sum, n) => sum + n, 0);
  const n = row[j] ?? 0;
  const says = `${part.classes[i]} said to be ${part.classes[j]}: ${count(n)} rows, ${percent(total ? n / total : null)} of the class`;
  return (
    <div>
      <canvas
        ref={canvas}
        width={size}
        height={size}
        className={classes.heat}
        tabIndex={0}
        role="img"
        aria-label={`Confusion of ${size} classes. ${says}. Arrow keys move, Enter shows the rows.`}
        onMouseMove={point}
        onClick={open}
        onKeyDown={press}
      />
      <p className={classes.says} aria-live="polite">
        {says}
      </p>
    </div>
  );
}

function paint(
  context: CanvasRenderingContext2D,
  counts: readonly (readonly number[])[],
  right: string,
  wrong: string,
) {
  context.clearRect(0, 0, counts.length, counts.length);
  counts.forEach((row, i) => {
    const total = row.reduce((sum, n) => sum + n, 0) || 1;
    row.forEach((n, j) => {
      if (n === 0) return;
      context.globalAlpha = Math.min(1, 0.15 + 0.85 * Math.sqrt(n / total));
      context.fillStyle = i === j ? right : wrong;
      context.fillRect(j, i, 1, 1);
    });
  });
}
