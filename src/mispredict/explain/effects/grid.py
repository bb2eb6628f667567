"""Where an effect is looked at, and how many rows of the data are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import one_or_many, shown, whole
from mispredict.core.words import counted
from mispredict.explain.counterfactuals.search_space import Feature

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
_TAIL = 0.01  # of the rows at each end that a grid of numbers leaves out
MOST_POINTS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Values of a feature in order; `cells` of the data are counted around them.

    For numbers a value stands for the data up to half-way to its neighbours.
    """

    feature: Feature
    values: Floats

    def __len__(self) -> int:
        return len(self.values)

    def label(self, at: int) -> Any:
        """The value as people know it."""
        return self.feature.plain(float(self.values[at]))

    def cells(self, column: Floats) -> Codes:
        """Which value of the grid each row is nearest to; -1 beyond the grid or missing."""
        if not self.feature.is_number:
            found = np.full(len(column), -1)
            for at, value in enumerate(self.values):
                found[column == value] = at
            return found
        edges = self.values[1:] / 2 + self.values[:-1] / 2
        found = np.searchsorted(edges, column, side="left")
        half = np.diff(self.values / 2).max(initial=0.0)
        with np.errstate(invalid="ignore", over="ignore"):
            inside = (column >= self.values[0] - half) & (column <= self.values[-1] + half)
        return np.where(inside, found, -1)


def grid_of(feature: Feature, wanted: Any, name: str = "grid") -> Grid:
    """The grid of a feature: so many values, or those that are given.

    Numbers with few values get all of them, others evenly spaced ones between the 1st and the
    99th percentile. Categories get all values, the most frequent first. `name` is what the
    argument is called.
    """
    if isinstance(wanted, (int, np.integer)) and not isinstance(wanted, bool):
        return Grid(feature, _own(feature, whole(name, wanted, 2, MOST_POINTS)))
    given = one_or_many(name, wanted, hint=f"{name}=20, or {name}=[18, 30, 60]")
    if not 0 < len(given) <= MOST_POINTS:
        raise BadOption(
            f"{name} has {counted(len(given), 'value')}.",
            known=f"The model is asked about 1 to {MOST_POINTS} of them.",
            hint=_example(feature, name),
        )
    if feature.is_number:
        return Grid(feature, np.unique([_as_number(feature, item, name) for item in given]))
    codes = {str(value): code for code, value in enumerate(feature.values)}
    for item in given:
        if str(item) not in codes:
            raise BadOption(
                f"{name} has {shown(item)} in it, which no row has.",
                known=f"Values of {feature.name}: {', '.join(map(str, feature.values[:8]))}.",
                hint=_example(feature, name),
            )
    known = dict.fromkeys(codes[str(item)] for item in given)
    return Grid(feature, np.array(list(known), dtype=np.float64))


def quantile_edges(column: Floats, n: int) -> Floats:
    """Edges of n bins with about equal shares of the rows, as accumulated effects need them."""
    known = column[np.isfinite(column)]
    if not len(known):
        return known
    edges = np.quantile(known, np.linspace(0, 1, n + 1), method="inverted_cdf")
    return np.unique(edges)


def _own(feature: Feature, n: int) -> Floats:
    if not feature.is_number:
        return np.arange(min(len(feature.values), n), dtype=np.float64)
    assert feature.spread is not None
    values = np.unique(feature.spread)
    if len(values) <= n:
        return values
    low, high = np.quantile(feature.spread, [_TAIL, 1 - _TAIL])
    if low == high:
        low, high = values[0], values[-1]
    return np.unique(feature.rounded(np.linspace(low, high, n)))


def _as_number(feature: Feature, value: Any, name: str) -> float:
    import pandas as pd

    try:
        if feature.type == "datetime":
            return float(pd.Timestamp(value).timestamp())
        found = float(value)
    except (TypeError, ValueError):
        found = np.nan
    is_half = bool(np.isfinite(found)) and feature.is_whole and found != np.round(found)
    if not np.isfinite(found) or is_half:
        raise BadOption(
            f"{name} has {shown(value)} in it, which is no {'whole ' if is_half else ''}number.",
            known=f"{feature.name} goes from {feature.plain(feature.low)} to "
            f"{feature.plain(feature.high)}.",
            hint=_example(feature, name),
        )
    return found


def _example(feature: Feature, name: str) -> str:
    if name == "grid" and feature.is_number:
        return "grid=20"
    ends = (feature.low, feature.high) if feature.is_number else (0.0,)
    return f"{name}=[{', '.join(repr(feature.plain(end)) for end in ends)}]"
