"""For each feature alone: the smallest change that gives another prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source, plain
from mispredict.explain.counterfactuals.goal import Goal
from mispredict.explain.counterfactuals.limits import Limits
from mispredict.explain.counterfactuals.search_answers import Said
from mispredict.explain.counterfactuals.search_calls import Asker, Queries, refuse_without_answers
from mispredict.explain.counterfactuals.search_space import Space, differs
from mispredict.explain.counterfactuals.search_subjects import Subjects

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
SCANNED = 48  # values of a number that are tried before the nearest flip is closed in on
MOST_STEPS = 24  # of bisection
_EXACT = 1e-6  # of the range: nearer than this need not be known


@dataclass(frozen=True, slots=True)
class FlipPoint:
    """The value of one feature from which on the prediction is another, all else equal.

    `direction` is `up`, `down` or `to` (a category); `at` is the nearest value that flips and
    `still` the last one before it that does not. Where no value flips, `at` is None and
    `flips` false. `distance` is the change in robust standard deviations (1 for a category, or
    from a value that is missing or infinite),
    `passed` the share of the data's rows between the value now and `at`.
    """

    column: str
    direction: str
    value: Any
    at: Any
    still: Any
    flips: bool
    prediction: Any
    probability: float
    distance: float
    passed: float


@dataclass(frozen=True)
class FlipPoints(Result):
    """Where the prediction of a row flips along each feature, the smallest change first."""

    rows: tuple[FlipPoint, ...]
    row: int
    id: Any
    prediction: Any
    target: str
    queries: Queries
    source: Source
    note: str

    row_type: ClassVar[type] = FlipPoint
    title: ClassVar[str] = "Where the prediction flips"

    def __str__(self) -> str:
        if any(point.flips for point in self.rows):
            return f"{super().__str__()}\n{self.note}".rstrip()
        return f"{self.title}\n{self.note or 'No single feature flips it.'}"


def find_flip_points(
    asker: Asker,
    space: Space,
    limits: Limits,
    goal: Goal,
    subject: Subjects,
    *,
    source: Source,
) -> FlipPoints:
    """The nearest flip of each feature, upwards and downwards, or to which categories.

    Numbers are tried at values of the data and the first flip on the way is closed in on by
    bisection; a flip back and forth between two tried values stays unseen.

    Args:
        asker: of the model.
        space: of the features.
        limits: which features may change, and in which ranges.
        goal: the prediction that counts as flipped.
        subject: the one row.
        source: what it stands on.
    """
    said = asker.ask(subject.frame, is_free=True)
    refuse_without_answers(said, asker, f"row {subject.numbers[0]:,} as it is")
    scan = _Scan(asker, space, limits, goal, subject, int(said.codes[0]))
    is_so = bool(goal.met(said, said.codes)[0])
    rows = scan.nothing() if is_so else [*scan.categories(), *scan.numbers()]
    rows.sort(key=lambda row: (not row.flips, row.distance, row.column))
    return FlipPoints(
        tuple(rows),
        int(subject.numbers[0]),
        subject.ids[0],
        plain(said.prediction(0)),
        goal.name,
        asker.queries,
        source,
        _note(asker, rows, is_so=is_so),
    )


@dataclass
class _Way:
    """Values of a number in one direction, nearest first, and between which of them it flips."""

    at: int
    word: str
    tried: Floats
    low: float = np.nan
    high: float = np.nan
    flips: bool = False

    def look(self, met: Bools, own: float) -> None:
        """Remember the first value that flips and the one before it."""
        hits = np.flatnonzero(met)
        if len(hits):
            self.flips, self.high = True, float(self.tried[hits[0]])
            self.low = float(self.tried[hits[0] - 1]) if hits[0] else float(own)


@dataclass(frozen=True, slots=True)
class _Found:
    met: Bools
    chance: Floats
    said: Said


class _Scan:
    def __init__(
        self,
        asker: Asker,
        space: Space,
        limits: Limits,
        goal: Goal,
        subject: Subjects,
        before: int,
    ) -> None:
        self.asker, self.space, self.limits, self.goal = asker, space, limits, goal
        self.subject, self.before = subject, before
        self.own = subject.matrix[0]

    def nothing(self) -> list[FlipPoint]:
        """Every feature once, as not flipping."""
        places = np.flatnonzero(self.limits.varies).tolist()
        ways = {True: ("up", "down"), False: ("to",)}
        return [
            self._none(at, way) for at in places for way in ways[bool(self.space.is_number[at])]
        ]

    def categories(self) -> list[FlipPoint]:
        """Every category that flips; a feature without any once, as not flipping."""
        tries: list[tuple[int, float]] = []
        for at in np.flatnonzero(self.limits.varies & ~self.space.is_number).tolist():
            values = self.limits.values(at, len(self.space.features[at].values))
            tries += [(at, value) for value in self._kept(at, values).tolist()]
        found = self._ask(np.array([at for at, _ in tries], int), np.array([v for _, v in tries]))
        rows = [
            self._point(at, "to", value, found, i, distance=1.0)
            for i, (at, value) in enumerate(tries)
            if found.met[i]
        ]
        flipping = {self.space.names.index(row.column) for row in rows}
        return rows + [self._none(at, "to") for at in sorted({at for at, _ in tries} - flipping)]

    def numbers(self) -> list[FlipPoint]:
        """The nearest flip of each number, up and down."""
        ways = [
            _Way(at, word, tried)
            for at in np.flatnonzero(self.limits.varies & self.space.is_number).tolist()
            for word, tried in (("up", self._on_the_way(at, 1)), ("down", self._on_the_way(at, -1)))
            if len(tried)
        ]
        if not ways:
            return []
        places = np.concatenate([np.full(len(way.tried), way.at) for way in ways])
        found = self._ask(places, np.concatenate([way.tried for way in ways]))
        starts = np.cumsum([0, *(len(way.tried) for way in ways)])
        for way, start in zip(ways, starts[:-1], strict=True):
            way.look(found.met[start : start + len(way.tried)], self.own[way.at])
        flipping = [way for way in ways if way.flips]
        self._close_in(flipping)
        at, high = (np.array([getattr(way, name) for way in flipping]) for name in ("at", "high"))
        found = self._ask(at.astype(np.int64), high.astype(np.float64))
        rows = [
            self._point(
                way.at, way.word, way.high, found, i, distance=self._distance(way.at, way.high),
                still=way.low, passed=self._passed(way.at, way.high),
            )
            for i, way in enumerate(flipping)
        ]  # fmt: skip
        return rows + [self._none(way.at, way.word) for way in ways if not way.flips]

    def _on_the_way(self, at: int, sign: int) -> Floats:
        """Values of the data beyond the row's own, nearest first; of a missing one all."""
        tried = self.limits.values(at, SCANNED)
        if np.isnan(self.own[at]):
            return tried if sign > 0 else np.empty(0)
        kept = np.unique(self._kept(at, tried))
        beyond = kept[kept > self.own[at]] if sign > 0 else kept[kept < self.own[at]][::-1]
        found: Floats = beyond
        return found

    def _kept(self, at: int, values: Floats) -> Floats:
        """The values that the rules allow and that are a change."""
        rows = np.repeat(self.own[None], len(values), axis=0)
        rows[:, at] = values
        kept = self.limits.kept(rows, np.repeat(self.own[None], len(values), axis=0))[:, at]
        found: Floats = kept[differs(kept, np.full(len(kept), self.own[at]))]
        return found

    def _close_in(self, ways: list[_Way]) -> None:
        """Bisection between the last value that keeps the prediction and the first that flips."""
        for _ in range(MOST_STEPS):
            moving = [(way, self._middle(way)) for way in ways]
            moving = [(way, value) for way, value in moving if value not in (way.low, way.high)]
            if not moving:
                return
            found = self._ask(
                np.array([way.at for way, _ in moving]), np.array([value for _, value in moving])
            )
            for i, (way, value) in enumerate(moving):
                if found.met[i]:
                    way.high = value
                else:
                    way.low = value

    def _middle(self, way: _Way) -> float:
        """The value between, as the data would write it; an end where they are near enough."""
        if np.isnan(way.low) or abs(way.high - way.low) <= _EXACT * (
            self.limits.high[way.at] - self.limits.low[way.at]
        ):
            return way.high
        middle, decimals = way.low / 2 + way.high / 2, self.limits.decimals[way.at]
        return middle if decimals is None else float(np.round(middle, decimals))

    def _ask(self, places: Codes, values: Floats) -> _Found:
        """Whether each single change flips, the chance of what is wanted, and the answers."""
        rows = np.repeat(self.own[None], len(places), axis=0)
        rows[np.arange(len(places)), places] = values
        owner = np.zeros(len(places), dtype=np.int64)
        frame = self.space.decode(rows, self.subject.frame, owner, self.subject.matrix)
        said = self.asker.ask(frame)
        before = np.full(len(places), self.before)
        return _Found(self.goal.met(said, before), self.goal.chance(said, before), said)

    def _point(
        self,
        at: int,
        way: str,
        value: float,
        found: _Found,
        i: int,
        *,
        distance: float,
        still: float = np.nan,
        passed: float = np.nan,
    ) -> FlipPoint:
        feature = self.space.features[at]
        return FlipPoint(
            feature.name, way, feature.plain(self.own[at]), feature.plain(value),
            feature.plain(still), True, plain(found.said.prediction(i)), float(found.chance[i]),
            distance, passed,
        )  # fmt: skip

    def _none(self, at: int, way: str) -> FlipPoint:
        feature = self.space.features[at]
        return FlipPoint(
            feature.name, way, feature.plain(self.own[at]), None, None, False, None, np.nan,
            np.nan, np.nan,
        )  # fmt: skip

    def _distance(self, at: int, value: float) -> float:
        own = self.own[at]
        return 1.0 if not np.isfinite(own) else float(abs(value - own) / self.space.scales[at])

    def _passed(self, at: int, value: float) -> float:
        """Share of the data's values between the row's own and the new one."""
        known = self.space.features[at].spread
        if known is None or not len(known) or np.isnan(self.own[at]):
            return np.nan
        low, high = sorted((self.own[at], value))
        between = np.searchsorted(known, high, "left") - np.searchsorted(known, low, "right")
        return max(float(between), 0.0) / len(known)


def _note(asker: Asker, rows: list[FlipPoint], *, is_so: bool) -> str:
    notes = []
    if is_so:
        notes.append("The row is predicted as wanted already, so nothing has to change.")
    elif not any(row.flips for row in rows):
        notes.append("No single feature flips the prediction within what the data has.")
    if asker.queries.is_spent:
        notes.append("The budget ended before all features were tried.")
    return " ".join([*notes, asker.queries.failures]).strip()
