"""Names of the columns that the kernels fill, apart so that reading them compiles nothing."""

from __future__ import annotations

from typing import Final

MOMENTS: Final = ("n", "weight", "weight2", "mean", "second", "noise", "third")

JOINT: Final = (
    *("n", "weight", "weight2", "x", "y"),
    *("xx", "xy", "yy"),  # weighted by w
    *("x2", "xy2", "y2", "x3", "x2y", "xyy", "x4", "x2y2", "y4"),  # weighted by w²
)

RANKED: Final = (
    *("positive", "negative", "positive2", "negative2", "n_positive", "n_negative"),
    *("lost", "lost_positive", "lost_positive2", "lost_negative", "lost_negative2"),
    *("precision", "pull_positive", "pull_positive2", "pull_negative2"),
)
