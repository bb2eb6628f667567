import { describe, expect, it } from "vitest";
import {
  contentHeight,
  rested,
  rowsInView,
  scrolled,
  scrolledTo,
  TALLEST,
  type Track,
  trackHeight,
} from "@/screens/explore/table/scaled";

const small: Track = { total: 1_000, rowHeight: 34, view: 600 };
const huge: Track = { total: 10_000_000, rowHeight: 50, view: 600 };
const start = { top: 0, offset: 0 };

describe("scrolling", () => {
  it("is one to one where the rows fit", () => {
    expect(trackHeight(small)).toBe(34_000);
    expect(scrolled(small, start, 3_400)).toEqual({ top: 3_400, offset: 0 });
    expect(rowsInView(small, { top: 3_400, offset: 0 }, 0)).toMatchObject({ from: 100, to: 117 });
  });

  it("moves by pixels for a turn of the wheel", () => {
    const middle = scrolledTo(huge, 5_000_000 * 50);
    const after = scrolled(huge, middle, middle.top + 120);
    expect(after.top + after.offset).toBe(5_000_000 * 50 + 120);
  });

  it("moves in proportion for a jump", () => {
    const after = scrolled(huge, start, TALLEST / 2);
    const share = (after.top + after.offset) / contentHeight(huge);
    expect(share).toBeCloseTo(0.5, 3);
  });

  it.each([0, 1, 17, 900_000, 9_999_988, 9_999_999])("reaches row %i", (row) => {
    const { from, to } = rowsInView(huge, scrolledTo(huge, row * 50), 0);
    expect(from).toBeLessThanOrEqual(row);
    expect(to).toBeGreaterThanOrEqual(row);
  });

  it("shows the ends at the ends of the scroll bar", () => {
    const end = scrolled(huge, start, TALLEST - huge.view);
    expect(rowsInView(huge, end, 0).to).toBe(9_999_999);
    expect(rowsInView(huge, scrolled(huge, end, 0), 0).from).toBe(0);
  });

  it("keeps the content where it is when it rests", () => {
    let scroll = scrolledTo(huge, 1_000_000);
    for (let turn = 0; turn < 50; turn++) scroll = scrolled(huge, scroll, scroll.top + 300);
    const after = rested(huge, scroll);
    expect(after.top + after.offset).toBe(scroll.top + scroll.offset);
    expect(after.top).not.toBe(scroll.top);
  });

  it("draws no row beyond the ends", () => {
    const few: Track = { total: 3, rowHeight: 34, view: 600 };
    expect(rowsInView(few, start, 8)).toEqual({ first: 0, last: 2, from: 0, to: 2 });
    expect(rowsInView({ ...few, total: 0 }, start, 8).last).toBe(-1);
  });
});
