"""Counts and errors per code of each column: what linked distributions show.

`marginals` counts the rows of one mask. `brush` is for views that filter one another: each
view is counted under all clauses but its own, so that it isn't filtered by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.engine.codebook import Codebook
from mispredict.engine.encode import Coded
from mispredict.engine.kernels.marginals import count_marks, mark_rows, sum_weights

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.engine.table import Table

Mask = NDArray[np.bool_]

_EXACT_BITS = 52  # of one number in fixed point
_SUM_BITS = 62  # of a sum of them


@dataclass(frozen=True, slots=True)
class Marginal:
    """Rows and errors per code of one column; `rates` is NaN for codes without rows.

    `counts` is a sum of weights where rows have weights, and `errors` a sum of losses where
    errors are losses.
    """

    column: str
    book: Codebook
    counts: NDArray[Any]
    errors: NDArray[Any]

    @property
    def rates(self) -> NDArray[np.float64]:
        rates = np.full(len(self.counts), np.nan)
        np.divide(self.errors, self.counts, out=rates, where=self.counts > 0)
        return rates


@dataclass(frozen=True, slots=True)
class Marginals:
    """The marginals of some columns, by name; `n` rows and `errors` under all clauses."""

    parts: tuple[Marginal, ...]
    n: int
    errors: float

    def __getitem__(self, column: str) -> Marginal:
        for part in self.parts:
            if part.column == column:
                return part
        raise UnknownColumn.among(column, (part.column for part in self.parts))

    def __iter__(self) -> Iterator[Marginal]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)


def marginals(
    source: Table | Mapping[str, Coded],
    columns: Sequence[str],
    mask: Mask | None = None,
    errors: NDArray[Any] | None = None,
    weight: NDArray[np.float64] | None = None,
) -> Marginals:
    """Counts and errors per code of each column over the rows of the mask (all if None).

    `errors` says which rows are wrong, or gives a loss per row; rows whose loss or weight is
    NaN are left out. Sums are exact to fixed point, and the same in any order.
    """
    coded = [_coded(source, name) for name in columns]
    n = len(coded[0]) if coded else 0
    selected = np.ones(n, np.bool_) if mask is None else mask
    counts = _Counts(n, errors, weight)
    tables = counts.of(coded, selected)
    parts = [_part(*item, counts) for item in zip(columns, coded, tables, strict=True)]
    total = parts[0].errors.sum() if parts else 0
    return Marginals(tuple(parts), int(np.count_nonzero(counts.kept(selected))), float(total))


def brush(
    table: Table,
    columns: Sequence[str],
    clauses: Mapping[str, Predicate],
    errors: NDArray[Any] | None = None,
    weight: NDArray[np.float64] | None = None,
) -> Marginals:
    """Marginals of each column under all clauses but its own.

    `clauses` are the filters by the view that set them; the clause of the view that has a
    column's name does not filter that column. One pass says of each row which one clause it
    fails, and a view adds the rows that fail only its own.
    """
    failed = failures([table.mask(clause) for clause in clauses.values()], table.n)
    counts = _Counts(table.n, errors, weight)
    passed = failed == 0
    coded = [table.coded(name) for name in columns]
    tables = counts.of(coded, passed)
    for place, view in enumerate(clauses, start=1):
        for i, name in enumerate(columns):
            if name == view:
                tables[i] = tables[i] + counts.of([coded[i]], failed == place)[0]
    parts = [_part(*item, counts) for item in zip(columns, coded, tables, strict=True)]
    kept = counts.kept(passed)
    return Marginals(tuple(parts), int(np.count_nonzero(kept)), counts.total(kept))


def failures(masks: Sequence[Mask], n: int) -> NDArray[np.uint8]:
    """Per row 0 if all masks select it, i if only the i-th (from 1) does not, else 255."""
    if len(masks) > 254:
        raise BadOption("more than 254 filters at once.", known=f"There are {len(masks)}.")
    failed = np.zeros(n, np.uint8)
    for place, selected in enumerate(masks, start=1):
        fails = ~selected
        failed[fails & (failed > 0)] = 255
        failed[fails & (failed == 0)] = place
    return failed


def fixed_point(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """Whole numbers that are the values times the returned power of two.

    It is as large as lets all of them be added without overflow: sums of them are exact.

    Raises:
        BadOption: a value is infinite.
    """
    largest = float(np.max(np.abs(values), initial=0.0))
    if not math.isfinite(largest):
        raise BadOption("an infinite loss or weight cannot be added up.", hint="clip it first")
    top = math.frexp(largest)[1]
    bits = min(_EXACT_BITS - top, _SUM_BITS - top - len(values).bit_length())
    scale = math.ldexp(1.0, min(max(bits, -1000), 1000))
    return np.rint(values * scale).astype(np.int64), scale


class _Counts:
    """How rows are counted: as they are, or with weights and losses in fixed point."""

    def __init__(
        self, n: int, errors: NDArray[Any] | None, weight: NDArray[np.float64] | None
    ) -> None:
        self._wrong = np.zeros(n, np.bool_) if errors is None else errors
        self._weights: NDArray[np.int64] | None = None
        self._missing: Mask | None = None
        self.scales: tuple[float, float] | None = None
        if weight is not None or self._wrong.dtype != np.bool_:
            self._weigh(np.ones(n) if weight is None else weight)

    def kept(self, mask: Mask) -> Mask:
        """The selected rows that can be counted."""
        return mask if self._missing is None else mask & ~self._missing

    def of(self, coded: Sequence[Coded], mask: Mask) -> list[NDArray[np.int64]]:
        """Per column the array (codes, 2) of counts and errors, in fixed point with weights."""
        columns, sizes = [item.codes for item in coded], [item.book.size for item in coded]
        if self._weights is None:
            return count_marks(columns, sizes, mark_rows(mask, self._wrong))
        rows = np.flatnonzero(self.kept(mask))
        return sum_weights(columns, sizes, self._weights[rows], rows)

    def total(self, mask: Mask) -> float:
        """The errors of the rows."""
        if self._weights is None or self.scales is None:
            return float(np.count_nonzero(mask & self._wrong))
        return float(self._weights[mask, 1].sum()) / self.scales[1]

    def _weigh(self, weight: NDArray[np.float64]) -> None:
        losses = weight * self._wrong.astype(np.float64)
        self._missing = np.isnan(losses) | np.isnan(weight)
        pairs = [fixed_point(np.where(self._missing, 0.0, part)) for part in (weight, losses)]
        self._weights = np.stack([part for part, _ in pairs], axis=1)
        self.scales = (pairs[0][1], pairs[1][1])


def _part(column: str, coded: Coded, table: NDArray[np.int64], counts: _Counts) -> Marginal:
    numbers, errors = table[:, 0], table[:, 1]
    if counts.scales is None:
        return Marginal(column, coded.book, numbers, errors)
    first, second = counts.scales
    return Marginal(column, coded.book, numbers / first, errors / second)


def _coded(source: Table | Mapping[str, Coded], name: str) -> Coded:
    return source[name] if isinstance(source, Mapping) else source.coded(name)
