"""Rows, errors and what their intervals need, per code of each column under linked filters.

As `marginals.brush`, each column is counted under all filters but its own. Here rows without a
label are told apart from right ones, losses and weights bring the squares from which intervals
follow, and only the smaller of the selection and the rest is visited: the other follows from
the sums of the whole, which are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType
from mispredict.engine.codebook import Codebook
from mispredict.engine.encode import Coded
from mispredict.engine.kernels.linked import (
    Rows,
    count_states,
    fail,
    rows_with,
    sum_errors,
    sum_parts,
)

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

RIGHT, WRONG, UNKNOWN = 0, 1, 2
MOST_FILTERS = 254


@dataclass(frozen=True, slots=True)
class Sums:
    """Per code: rows, and over those with a known error Σw, Σw², Σwe, Σw²e and Σw²e².

    `e` is 1 for a wrong row and 0 for a right one, or the loss minus the outcome's `centre`.
    """

    rows: NDArray[np.int64]
    weight: Floats
    weight2: Floats
    error: Floats
    cross: Floats
    error2: Floats

    @property
    def parts(self) -> tuple[NDArray[Any], ...]:
        return self.rows, self.weight, self.weight2, self.error, self.cross, self.error2

    @property
    def total(self) -> Sums:
        """The sums over all codes, as of one code."""
        return Sums(*(np.atleast_1d(part.sum()) for part in self.parts))

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(a + b for a, b in zip(self.parts, other.parts, strict=True)))

    def __sub__(self, other: Sums) -> Sums:
        """What is left when a part is taken away; exactly 0 where no row is left."""
        left = [a - b for a, b in zip(self.parts, other.parts, strict=True)]
        return Sums(left[0], *(np.where(left[0] > 0, part, 0.0) for part in left[1:]))

    def over(self, codes: NDArray[np.intp], starts: NDArray[np.intp]) -> Sums:
        """The sums of groups of codes: those of `codes` from each of `starts` to the next."""
        if not len(starts):
            return Sums(*(part[:0] for part in self.parts))
        return Sums(*(np.add.reduceat(part[codes], starts) for part in self.parts))

    @classmethod
    def joined(cls, several: Sequence[Sums]) -> Sums:
        """The sums of several columns, one after the other."""
        if not several:
            return cls(np.zeros(0, np.int64), *(np.zeros(0) for _ in range(5)))
        return cls(*map(np.concatenate, zip(*(sums.parts for sums in several), strict=True)))


class Outcome:
    """What is counted of every row: whether it is wrong, or its loss; nobody may know.

    Without weights, right and wrong are one byte a row; a loss is kept as its distance from
    the mean, so that squares lose nothing. Infinite losses count as unknown.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self.is_loss = False
        self.centre = 0.0
        self._states: NDArray[np.uint8] | None = None
        self._errors: Floats = np.empty(0)
        self._weights: Floats | None = None
        self._unknown: NDArray[np.uint8] | None = None

    @classmethod
    def of_states(cls, states: NDArray[np.uint8]) -> Outcome:
        """Outcome from RIGHT, WRONG or UNKNOWN of each row."""
        made = cls(len(states))
        made._states = states
        return made

    @classmethod
    def of_losses(cls, losses: Floats) -> Outcome:
        """Outcome from a loss of each row, NaN where it is unknown."""
        made = cls(len(losses))
        made.is_loss = True
        known = np.isfinite(losses)
        is_whole = bool(known.all())
        if not is_whole:
            losses = np.where(known, losses, 0.0)
            made._unknown = (~known).view(np.uint8)
        count = int(np.count_nonzero(known))
        made.centre = float(losses.sum() / count) if count else 0.0
        made._errors = losses - made.centre
        if not is_whole:
            made._errors[~known] = 0.0
        return made

    def weighted(self, weights: Floats) -> Outcome:
        """The same outcome, rows counting by their weight."""
        made = Outcome(self.n)
        made.is_loss, made.centre = self.is_loss, self.centre
        unknown = self._unknown if self._states is None else self._states == UNKNOWN
        made._errors = self._errors if self._states is None else (self._states == WRONG) * 1.0
        made._weights = weights if unknown is None else np.where(unknown, 0.0, weights)
        return made

    def sums(self, coded: Sequence[Coded], rows: Rows) -> list[Sums]:
        """Sums per code of each column over the rows of these numbers."""
        columns, sizes = [item.codes for item in coded], [item.book.size for item in coded]
        if self._states is not None:
            tables = count_states(columns, sizes, rows, self._states[rows])
            return [_of_states(table) for table in tables]
        if self._weights is None:
            tables = sum_errors(columns, sizes, rows, self._errors[rows])
            unknown = self._count_unknown(columns, sizes, rows)
            return [_of_errors(*pair) for pair in zip(tables, unknown, strict=True)]
        w, e = self._weights[rows], self._errors[rows]
        parts = np.stack([np.ones(len(rows)), w, w * w, w * e, w * w * e, (w * e) ** 2], axis=1)
        return [_of_parts(table) for table in sum_parts(columns, sizes, rows, parts)]

    def total(self, rows: Rows) -> Sums:
        """Sums over the rows of these numbers, as of one code."""
        one = Codebook("values", ColumnType.CATEGORICAL, "string", ())
        codes = np.zeros(len(rows), np.uint8)
        return self._at(rows).sums([Coded(codes, one)], np.arange(len(rows), dtype=np.int32))[0]

    def _at(self, rows: Rows) -> Outcome:
        """The outcome of some rows only."""
        made = Outcome(len(rows))
        made.is_loss, made.centre = self.is_loss, self.centre
        made._states = None if self._states is None else self._states[rows]
        made._errors = self._errors[rows] if len(self._errors) else self._errors
        made._weights = None if self._weights is None else self._weights[rows]
        made._unknown = None if self._unknown is None else self._unknown[rows]
        return made

    def _count_unknown(
        self, columns: Sequence[Any], sizes: Sequence[int], rows: Rows
    ) -> Sequence[Any]:
        """Rows per code whose loss is not known."""
        if self._unknown is None:
            return [0] * len(columns)
        chosen = rows[self._unknown[rows] > 0]
        states = np.zeros(len(chosen), np.uint8)
        return [table[:, 0] for table in count_states(columns, sizes, chosen, states)]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that meet all filters: `failed` is 0 for them.

    Counted are the rows of `visited`: the selection, or (`is_rest`) all others.
    """

    failed: NDArray[np.uint8]
    visited: Rows
    is_rest: bool

    @property
    def n(self) -> int:
        return len(self.failed) - len(self.visited) if self.is_rest else len(self.visited)

    @property
    def mask(self) -> Mask:
        found: Mask = self.failed == 0
        return found

    @classmethod
    def of(cls, masks: Sequence[Mask], n: int) -> Selection:
        """The rows that all masks select."""
        if len(masks) > MOST_FILTERS:
            raise BadOption(
                f"more than {MOST_FILTERS} filters at once.", known=f"There are {len(masks)}."
            )
        failed = np.zeros(n, np.uint8)
        for place, mask in enumerate(masks, start=1):
            fail(failed, mask, place)
        is_rest = int(np.count_nonzero(failed)) * 2 < n
        return cls(failed, rows_with(failed, 0, is_other=is_rest), is_rest)


class LinkedCounter:
    """Counts columns under filters by the view that set them, and keeps those of the whole."""

    def __init__(self, outcome: Outcome, coded: Callable[[str], Coded]) -> None:
        self.outcome = outcome
        self.coded = coded
        self._wholes: dict[str, Sums] = {}

    def wholes(self, names: Sequence[str]) -> dict[str, Sums]:
        """Sums of each column over all rows."""
        new = [name for name in names if name not in self._wholes]
        if new:
            rows = np.arange(self.outcome.n, dtype=np.int32)
            found = self.outcome.sums([self.coded(name) for name in new], rows)
            self._wholes.update(zip(new, found, strict=True))
        return {name: self._wholes[name] for name in names}

    def under(
        self, masks: Mapping[str, Mask], names: Sequence[str]
    ) -> tuple[Selection, dict[str, Sums], dict[str, Sums]]:
        """The rows under all masks, and each column's sums there and without its own mask."""
        selection = Selection.of(list(masks.values()), self.outcome.n)
        wholes = self.wholes(names)
        parts = self.outcome.sums([self.coded(name) for name in names], selection.visited)
        inside = dict(zip(names, parts, strict=True))
        if selection.is_rest:
            inside = {name: wholes[name] - part for name, part in inside.items()}
        linked = dict(inside)
        for place, view in enumerate(masks, start=1):
            if view in linked:
                rows = rows_with(selection.failed, place)
                linked[view] = linked[view] + self.outcome.sums([self.coded(view)], rows)[0]
        return selection, inside, linked


def _of_states(table: NDArray[np.int64]) -> Sums:
    known = (table[:, RIGHT] + table[:, WRONG]).astype(np.float64)
    wrong = table[:, WRONG].astype(np.float64)
    return Sums(table.sum(axis=1), known, known, wrong, wrong, wrong)


def _of_errors(table: Floats, unknown: Any) -> Sums:
    rows = np.rint(table[:, 0]).astype(np.int64)
    known = (rows - unknown).astype(np.float64)
    return Sums(rows, known, known, table[:, 1], table[:, 1], table[:, 2])


def _of_parts(table: Floats) -> Sums:
    rows = np.rint(table[:, 0]).astype(np.int64)
    return Sums(rows, *(np.ascontiguousarray(table[:, k]) for k in range(1, 6)))
