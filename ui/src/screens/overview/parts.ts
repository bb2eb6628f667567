/** The parts of the overview that are asked for together. */

/** The quick parts come first; mistakes want the telling columns, and the confidence, beside. */
export const PARTS = {
  quality: [
    "metrics",
    "baselines",
    "confusion",
    "calibration",
    "curves",
    "threshold",
    "error classes",
    "spread",
  ],
  errors: ["slices", "cards", "mistakes", "near misses", "calibration"],
};
