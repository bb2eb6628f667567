"""What a person says of a tag, kept with it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mispredict.core.errors import BadOption

MIDDLE = 3  # stands in for ease and importance that nobody has set


@dataclass(frozen=True, slots=True)
class TagSettings:
    """What a person says of a tag; None where nothing was said.

    `ease` and `importance` go from 1 (hard, minor) to 5 (easy, crucial); `ceiling` is the best
    value to be expected, in the units of the metric.
    """

    ease: int | None = None
    importance: int | None = None
    ceiling: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        for name, value in (("ease", self.ease), ("importance", self.importance)):
            if value is not None and value not in range(1, 6):
                raise BadOption(
                    f"{name}={value!r} is not a whole number from 1 to 5.",
                    known="1 is hard or minor, 5 easy or crucial.",
                    hint=f"{name}=3",
                )
        if self.ceiling is not None and not math.isfinite(self.ceiling):
            raise BadOption(f"ceiling={self.ceiling!r} is not a number.", hint="ceiling=0.95")
