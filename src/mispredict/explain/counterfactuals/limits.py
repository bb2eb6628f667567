"""What a counterfactual may change, and how far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, UnknownColumn, alternatives
from mispredict.core.options import names, number, shown
from mispredict.explain.counterfactuals.search_space import Feature, Floats, Space, differs, rounded

Bools = npt.NDArray[np.bool_]
_LARGEST_EXACT = 1e15  # beyond it a number has no decimals
_FARTHEST = 1e30  # that is searched: beyond it distances overflow
DIRECTIONS = {"increase": 1, "decrease": -1}


@dataclass(frozen=True, slots=True)
class Rules:
    """What people say about a search, by column.

    Args:
        vary: columns that may change; None for all.
        immutable: columns that may not.
        ranges: least and largest value of a number, or the categories that are allowed.
        monotone: `increase` or `decrease`, the only way that a number may go.
        integer: numbers that stay whole.
        costs: how much a change of the column counts, 1 by default.
    """

    vary: Sequence[str] | None = None
    immutable: Sequence[str] = ()
    ranges: Mapping[str, Any] | None = None
    monotone: Mapping[str, str] | None = None
    integer: Sequence[str] = ()
    costs: Mapping[str, float] | None = None


class Limits:
    """The rules for the features of a space, as arrays."""

    def __init__(self, space: Space, rules: Rules) -> None:
        """The rules, checked.

        Raises:
            UnknownColumn: a rule is about no feature that can be varied.
            BadOption: a rule does not fit the feature, or nothing may change.
        """
        self._space = space
        size = len(space)
        self.varies = _varies(space, rules)
        self.costs = np.ones(size)
        self.direction = np.zeros(size, dtype=np.int64)
        self.low = np.array([feature.low for feature in space.features])
        self.high = np.array([feature.high for feature in space.features])
        self.allowed: list[Bools | None] = [None] * size
        self.decimals = [feature.decimals for feature in space.features]
        for name in names("integer", rules.integer):
            self.decimals[_place(space, name, is_number=True)] = 0
        for name, value in (rules.ranges or {}).items():
            self._bound(_place(space, name), value)
        for name, word in (rules.monotone or {}).items():
            if word not in DIRECTIONS:
                raise BadOption.choice(f"monotone[{name!r}]", word, DIRECTIONS)
            self.direction[_place(space, name, is_number=True)] = DIRECTIONS[word]
        for name, cost in (rules.costs or {}).items():
            self.costs[_place(space, name)] = number(
                f"costs[{name!r}]", cost, 0, _FARTHEST, is_above=True, hint=f"costs={{{name!r}: 2}}"
            )

    @property
    def weights(self) -> Floats:
        """Cost of each feature, 0 of those that may not change."""
        return np.where(self.varies, self.costs, 0.0)

    def kept(self, rows: Floats, own: Floats) -> Floats:
        """The rows with every change that breaks a rule taken back or brought inside."""
        rows = np.where(self.varies, rows, own)
        for at in np.flatnonzero(self.varies):
            column = rows[:, at]
            if self._space.is_number[at]:
                column = self._number(int(at), column, own[:, at])
            else:
                column = self._category(int(at), column, own[:, at])
            rows[:, at] = np.where(np.isnan(column), own[:, at], column)
        return rows

    def values(self, at: int, most: int) -> Floats:
        """Values of a feature to try: numbers at equal shares of the rows, or categories."""
        feature = self._space.features[at]
        if feature.is_number:
            inside = feature.quantiles(4 * most)
            inside = inside[(inside >= self.low[at]) & (inside <= self.high[at])]
            ends = np.array([self.low[at], self.high[at]])
            found = np.unique(np.concatenate([inside, ends[np.isfinite(ends)]]))
            if len(found) > most:
                found = found[np.unique(np.linspace(0, len(found) - 1, most).round().astype(int))]
            return found
        allowed = self.allowed[at]
        codes = np.arange(len(feature.values)) if allowed is None else np.flatnonzero(allowed)
        return codes[:most].astype(np.float64)

    def _number(self, at: int, column: Floats, own: Floats) -> Floats:
        decimals = self.decimals[at]
        is_new = differs(column, own)
        moved = rounded(column, decimals)
        moved = np.clip(
            moved, self._inner(at, self.low[at], np.ceil), self._inner(at, self.high[at], np.floor)
        )
        if self.direction[at]:
            with np.errstate(invalid="ignore"):
                is_back = ~(self.direction[at] * (moved - own) >= 0)
            moved = np.where(is_back, own, moved)
        return np.where(is_new, moved, own)

    def _inner(self, at: int, bound: float, towards: Any) -> float:
        """The bound, moved inside to a value with as many decimals as the column has."""
        decimals = self.decimals[at]
        if decimals is None or not abs(bound) < _LARGEST_EXACT:
            return bound
        return float(np.round(towards(round(bound * 10**decimals, 6)) / 10**decimals, decimals))

    def _category(self, at: int, column: Floats, own: Floats) -> Floats:
        allowed = self.allowed[at]
        if allowed is None:
            return column
        is_new = differs(column, own) & ~np.isnan(column)
        places = np.where(is_new, column, 0).astype(np.int64)
        return np.where(is_new & ~allowed[places], own, column)

    def _bound(self, at: int, value: Any) -> None:
        feature = self._space.features[at]
        if feature.is_number:
            self.low[at], self.high[at] = _span(feature, value)
            return
        known = {str(item): code for code, item in enumerate(feature.values)}
        self.allowed[at] = np.zeros(len(feature.values), dtype=bool)
        is_one = isinstance(value, (str, bool)) or not isinstance(value, Iterable)
        for item in [value] if is_one else value:
            if str(item) not in known:
                raise BadOption(
                    f"ranges[{feature.name!r}] has {shown(item)}, which no row has.",
                    known=alternatives(str(item), known, "value"),
                    hint=f"ranges={{{feature.name!r}: [{feature.values[0]!r}]}}",
                )
            self.allowed[at][known[str(item)]] = True  # type: ignore[index]


def _varies(space: Space, rules: Rules) -> Bools:
    chosen = space.names if rules.vary is None else names("vary", rules.vary)
    fixed = names("immutable", rules.immutable)
    varies = np.zeros(len(space), dtype=bool)
    for name in chosen:
        varies[_place(space, name)] = True
    for name in fixed:
        varies[_place(space, name)] = False
    if not varies.any():
        raise BadOption(
            "no feature may change.",
            known=f"Features: {', '.join(space.names[:8]) or 'none that can be varied'}.",
            hint=f"vary=[{space.names[0]!r}]" if len(space) else "ev.text_edits(row) for texts",
        )
    return varies


def _place(space: Space, name: str, *, is_number: bool = False) -> int:
    if name not in space.names:
        raise UnknownColumn.among(name, space.names, where="the features that can be varied")
    at = space.names.index(name)
    if is_number and not space.features[at].is_number:
        raise BadOption(
            f"column {name!r} is {space.features[at].type}, and has no order.",
            known="Numbers and times can be made to increase, decrease or stay whole.",
            hint=f"ranges={{{name!r}: [the categories that are allowed]}}",
        )
    return at


def _span(feature: Feature, value: Any) -> tuple[float, float]:
    name = f"ranges[{feature.name!r}]"
    is_pair = isinstance(value, (list, tuple, np.ndarray)) and len(value) == 2
    ends = [_end(feature, item) for item in value] if is_pair else []
    if not is_pair or any(end is None for end in ends):
        raise BadOption(
            f"{name}={shown(value)} cannot be used.",
            known="It is the least and the largest value of a number; None for no bound of yours.",
            hint=f"ranges={{{feature.name!r}: ({feature.plain(feature.low)!r}, "
            f"{feature.plain(feature.high)!r})}}",
        )
    low = feature.low if np.isnan(ends[0]) else ends[0]  # type: ignore[arg-type]
    high = feature.high if np.isnan(ends[1]) else ends[1]  # type: ignore[arg-type]
    if not low <= high:  # type: ignore[operator]
        raise BadOption(
            f"{name}={shown(value)} holds no value.",
            known=f"In the data it goes from {feature.plain(feature.low)} to "
            f"{feature.plain(feature.high)}.",
            hint="the smaller value first",
        )
    least, largest = np.clip(np.array([low, high], dtype=float), -_FARTHEST, _FARTHEST)
    return float(least), float(largest)


def _end(feature: Feature, value: Any) -> float | None:
    """An end of a range as a number, NaN where it is left open, None of what is no number."""
    import pandas as pd

    if value is None:
        return float("nan")
    try:
        if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
            return None if np.isnan(value) else float(value)
        moment = pd.Timestamp(value)
    except (TypeError, ValueError):
        return None
    is_time = feature.type == "datetime" and moment is not pd.NaT
    return float(moment.timestamp()) if is_time else None
