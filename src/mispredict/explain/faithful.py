"""Whether what is said to matter does: features taken out and put in, the strongest first.

The deletion curve is the model's answer as the features that support it most are taken out first,
the insertion curve as they are put first into a background row. Beside both stands the same in
random order. Attributions that say anything lie below it for deletion and above it for insertion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source
from mispredict.core.words import counted
from mispredict.explain.importance import Mean, mean_of

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.explain.draws import Draws
    from mispredict.explain.sampled import Asking

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

ROWS = 100  # that are looked at
STEPS = 10  # points of a curve beside its beginning
SUBSTITUTES = 4  # background rows per row
ORDERS = 2  # random ones
NAMES = ("deletion", "random deletion", "insertion", "random insertion")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The model's mean answer with a share of the features taken out, or put in."""

    curve: str
    share: float
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Faithfulness(Result):
    """Curves of deletion and insertion, in the order of attributions and in random order.

    `deletion` is how far the curve lies below the random one on average, per row, and
    `insertion` how far above, with 95 % intervals; both are 0 for attributions that say nothing.
    """

    rows: tuple[CurvePoint, ...]
    source: Source
    deletion: float
    deletion_low: float
    deletion_high: float
    insertion: float
    insertion_low: float
    insertion_high: float
    scale: str
    n: int

    row_type: ClassVar[type] = CurvePoint
    title: ClassVar[str] = "Do the attributions hold?"

    @property
    def holds(self) -> bool | None:
        """Whether both differences are surely above 0; None where they are not known."""
        if not np.isfinite(self.deletion_low):
            return None
        return bool(self.deletion_low > 0 and self.insertion_low > 0)

    @property
    def sentence(self) -> str:
        if self.holds is None:
            return "Whether the attributions hold is not known."
        word = {True: "They hold", False: "They do not surely hold"}[self.holds]
        return (
            f"{word}: taking out what supports the answer lowers the {self.scale} by"
            f" {self.deletion:.3f} [{self.deletion_low:.3f}, {self.deletion_high:.3f}] more than"
            f" taking out anything, putting it in first raises it by {self.insertion:.3f}"
            f" [{self.insertion_low:.3f}, {self.insertion_high:.3f}] more"
            f" ({counted(self.n, 'row')})."
        )

    def __str__(self) -> str:
        return f"{self.title}\n  {self.sentence}"


def find_faithfulness(
    asking: Asking,
    draws: Draws,
    rows: pd.DataFrame,
    values: Floats,
    *,
    scale: str,
    source: Source,
) -> Faithfulness | None:
    """The curves of these rows; None where the budget is over or rows have too few players.

    Args:
        rows: as the model takes them.
        values: attributions (n, most players), NaN behind a row's players.
    """
    counts = asking.game.players
    usable = np.flatnonzero((counts > 1) & np.isfinite(values).any(axis=1))
    asked = len(counts) + len(usable) * (STEPS + 1) * min(
        SUBSTITUTES, asking.game.substitutes
    ) * 2 * (1 + ORDERS)
    if not len(usable) or asking.subject.caller.left() < asked:
        return None
    usable = usable[np.isfinite(asking.whole(rows)[usable])]
    by_value = _ranks(-np.where(np.isfinite(values), values, 0.0), counts)
    random = [draws.ranks(counts, values.shape[1], salt=1_000 + k) for k in range(ORDERS)]
    curves = {}
    for name, is_insertion in (("deletion", False), ("insertion", True)):
        curves[name] = _curve(asking, draws, usable, by_value, is_insertion)
        each = [_curve(asking, draws, usable, ranks, is_insertion) for ranks in random]
        curves[f"random {name}"] = np.mean(each, axis=0)
    down = mean_of(_area(curves["random deletion"]) - _area(curves["deletion"]))
    up = mean_of(_area(curves["insertion"]) - _area(curves["random insertion"]))
    points = tuple(
        _point(name, step / STEPS, mean_of(curves[name][:, step]))
        for name in NAMES
        for step in range(STEPS + 1)
    )
    return Faithfulness(
        points, source, down.value, down.low, down.high, up.value, up.low, up.high, scale, down.n
    )


def _curve(asking: Asking, draws: Draws, rows: Codes, ranks: Codes, is_insertion: bool) -> Floats:
    """Answers (rows, STEPS + 1) as more and more players are taken out, or put in."""
    counts = asking.game.players
    several = min(SUBSTITUTES, asking.game.substitutes)
    order = draws.order(asking.game.substitutes, salt=2_000)[:, :several]
    shares = np.arange(STEPS + 1) / STEPS
    moved = np.rint(shares[None, :] * counts[rows][:, None]).astype(np.int64)
    row = np.repeat(rows, (STEPS + 1) * several)
    bound = np.repeat(moved.ravel(), several)
    substitute = np.repeat(order[rows], STEPS + 1, axis=0).ravel()
    is_moved = ranks[row] < bound[:, None]
    answers = asking(row, is_moved if is_insertion else ~is_moved, substitute)
    with np.errstate(all="ignore"):
        return np.asarray(answers.reshape(len(rows), STEPS + 1, several).mean(axis=2))


def _ranks(keys: Floats, counts: Codes) -> Codes:
    """The place of each player in ascending order of the keys; those behind a row's are last."""
    most = keys.shape[1]
    keys = np.where(np.arange(most)[None, :] < counts[:, None], keys, np.inf)
    order = np.argsort(keys, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(most)[None, :].repeat(len(order), 0), axis=1)
    return ranks


def _area(curve: Floats) -> Floats:
    """Mean height of each row's curve between its ends, which all curves share."""
    return np.asarray(curve[:, 1:-1].mean(axis=1))


def _point(name: str, share: float, mean: Mean) -> CurvePoint:
    return CurvePoint(name, share, mean.value, mean.low, mean.high, mean.n)
