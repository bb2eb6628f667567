import { describe, expect, it } from "vitest";
import { begun, redone, undone, visited } from "@/screens/explore/history";

const two = visited(visited(begun(""), "a"), "a AND b");

describe("undo", () => {
  it("goes back and forth", () => {
    expect(undone(two).now).toBe("a");
    expect(undone(undone(two)).now).toBe("");
    expect(redone(undone(two))).toEqual(two);
  });

  it("stays at the ends", () => {
    expect(undone(begun("x"))).toEqual(begun("x"));
    expect(redone(two)).toEqual(two);
  });

  it("forgets what was undone when another cohort is chosen", () => {
    expect(visited(undone(two), "c").future).toEqual([]);
  });

  it("takes going back in the browser as an undo, and forward as a redo", () => {
    expect(visited(two, "a")).toEqual(undone(two));
    expect(visited(undone(two), "a AND b")).toEqual(two);
  });
});
