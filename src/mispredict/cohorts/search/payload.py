"""Errors and weights as whole numbers, so that sums are exact whatever the order of the rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.scoring import Totals
from mispredict.core.errors import BadOption
from mispredict.engine.kernels.slices import PACKED, unpack

# Sums stay below 2^52: exact in int64 and, converted, in float64.
_BITS = 52


@dataclass(frozen=True)
class Payload:
    """What each row adds to a cell, and how to read the sums.

    `rows` is (n, 1) with size and error packed in one number (errors of 0 and 1 that weigh one
    each) or (n, 2); a sum times `size_unit` or `error_unit` is in the caller's units.
    """

    rows: NDArray[np.int64]
    size_unit: float
    error_unit: float
    is_binary: bool
    is_weighted: bool

    @property
    def sizes(self) -> NDArray[np.int64] | None:
        """Size of each row; None where all are one."""
        return self.rows[:, 0] if self.is_weighted else None

    @property
    def is_present(self) -> NDArray[np.bool_]:
        """Which rows weigh anything."""
        present: NDArray[np.bool_] = self.rows[:, 0] > 0
        return present

    def copy(self) -> Payload:
        """The same, whose rows can be changed apart."""
        return replace(self, rows=self.rows.copy())

    def parts(
        self, chosen: NDArray[np.bool_] | NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], ...]:
        """Sizes and errors of some rows."""
        return unpack(self.rows[chosen])

    def sums(self) -> tuple[int, int]:
        """Size and errors of all rows."""
        total = self.rows.sum(axis=0)
        if self.rows.shape[1] == 1:
            return int(total[0]) >> PACKED, int(total[0]) & ((1 << PACKED) - 1)
        return int(total[0]), int(total[1])

    def totals(self) -> Totals:
        size, errors = self.sums()
        if self.rows.shape[1] == 1:
            return Totals(size, errors, errors, size)
        sizes = self.rows[:, 0].astype(np.float64)
        each = self.rows[:, 1].astype(np.float64)
        present = sizes > 0
        # Sorted, so that the sum in floating point does not depend on the order of the rows.
        squares = np.sort(each[present] ** 2 / sizes[present]).sum()
        effective = size**2 / np.sort(sizes**2).sum() if size else 0.0
        return Totals(size, errors, float(squares), float(effective))


def make_payload(
    errors: NDArray[np.bool_] | NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> Payload:
    """The payload of rows with these errors (not negative) and weights (one each if None).

    Raises:
        BadOption: an error or weight is negative, infinite or not a number.
    """
    _check("errors", errors)
    is_binary = errors.dtype == np.bool_ or bool(((errors == 0) | (errors == 1)).all())
    if weights is None and is_binary and len(errors) < 1 << (63 - PACKED):
        rows = errors.astype(np.int64) + (1 << PACKED)
        return Payload(rows[:, None], 1.0, 1.0, True, False)
    if weights is None:
        sizes, size_unit = np.ones(len(errors), np.int64), 1.0
    else:
        _check("weights", weights)
        sizes, size_unit = _whole(weights)
    if is_binary:
        each, error_unit = sizes * (errors != 0), size_unit
    else:
        each, error_unit = _whole(
            np.multiply(errors, 1.0 if weights is None else weights, dtype=np.float64)
        )
    rows = np.stack([sizes, each], axis=1)
    return Payload(rows, size_unit, error_unit, is_binary, weights is not None)


def _check(name: str, values: NDArray[np.bool_] | NDArray[np.float64]) -> None:
    if values.dtype != np.bool_ and not (np.isfinite(values) & (values >= 0)).all():
        raise BadOption(
            f"{name} must be finite and not negative.",
            hint="leave out rows where they are undefined",
        )


def _whole(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """The values in a unit, a power of two, in which their sum nearly fills the bits."""
    total = float(np.sort(values).sum())
    exponent = _BITS - 1 - int(np.frexp(total)[1]) if total > 0 else 0
    return np.rint(np.ldexp(values, exponent)).astype(np.int64), float(np.ldexp(1.0, -exponent))
