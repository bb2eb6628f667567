/** The confusion of many classes as an image, and its largest errors; arrow keys move. */
import { useComputedColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import classes from "@/screens/overview/Confusion.module.css";
import { confusedPairs, type Matrix } from "@/screens/overview/confusion";
import { allOf } from "@/shared/cohortText";
import { counted, percent } from "@/shared/format";
import { isPair } from "@/shared/values";

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function HeatMap({ matrix }: { matrix: Matrix }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme("light");
  const { place } = useHere();
  const { search } = useSearch();
  const navigate = useNavigate();
  const [[i, j], setCell] = useState(() => worstCell(matrix));
  const size = matrix.classes.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours
  useEffect(() => {
    if (canvas.current) paint(canvas.current, matrix);
  }, [matrix, scheme]);

  function open() {
    const pair = isPair(matrix.classes[i] ?? null, matrix.classes[j] ?? null);
    const where = allOf(one(search, "where"), pair);
    void navigate({
      to: "/e/$model/$dataset/explore",
      params: place,
      search: { where } as never,
    });
  }

  function point(event: MouseEvent<HTMLCanvasElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const at = (x: number, width: number) =>
      Math.max(0, Math.min(size - 1, Math.floor((x / width) * size)));
    setCell([at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width)]);
  }

  function press(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (event.key === "Enter") open();
    if (!step) return;
    event.preventDefault();
    setCell([(i + step[0] + size) % size, (j + step[1] + size) % size]);
  }

  const { n, share } = matrix.cells[i]?.[j] ?? { n: 0, share: null };
  const says = `${matrix.classes[i]} said to be ${matrix.classes[j]}: ${counted(n, "row")}, ${percent(share)} of the label`;
  return (
    <>
      <div className={classes.heat}>
        <canvas
          ref={canvas}
          width={size}
          height={size}
          tabIndex={0}
          role="img"
          aria-label={`Confusion of ${size} classes. ${says}. Arrow keys move, Enter shows the rows.`}
          onMouseMove={point}
          onClick={open}
          onKeyDown={press}
        />
        <i
          className={classes.here}
          style={{
            left: `${(100 * j) / size}%`,
            top: `${(100 * i) / size}%`,
            width: `${100 / size}%`,
            height: `${100 / size}%`,
          }}
        />
      </div>
      <p className={classes.says} aria-live="polite">
        {says}
      </p>
      <p className="mp-soft">Classes with most errors first; blue is right, orange wrong.</p>
    </>
  );
}

function worstCell(matrix: Matrix): [number, number] {
  const worst = confusedPairs(matrix)[0];
  if (!worst) return [0, 0];
  return [matrix.classes.indexOf(worst.label), matrix.classes.indexOf(worst.prediction)];
}

function paint(canvas: HTMLCanvasElement, { cells }: Matrix) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const [right, wrong] = ["--mp-rows", "--mp-wrong"].map((name) => style.getPropertyValue(name));
  context.clearRect(0, 0, cells.length, cells.length);
  cells.forEach((line, i) => {
    line.forEach(({ n, share }, j) => {
      if (n === 0) return;
      context.globalAlpha = Math.min(1, 0.12 + 0.88 * Math.sqrt(share ?? 0));
      context.fillStyle = (i === j ? right : wrong) || "currentcolor";
      context.fillRect(j, i, 1, 1);
    });
  });
}
