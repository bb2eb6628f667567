"""A feature's values against its attributions: in bins of numbers, or by value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source, plain
from mispredict.explain.importance import mean_of

if TYPE_CHECKING:
    import pyarrow as pa

Floats = npt.NDArray[np.float64]

MOST_VALUES = 24


@dataclass(frozen=True, slots=True)
class DependencePoint:
    """The mean attribution where the feature has a value, or one from `first` to `last`.

    `spread` is the standard deviation of the attributions: what other features make of the same
    value.
    """

    value: str
    first: Any
    last: Any
    attribution: float
    low: float
    high: float
    spread: float
    n: int


@dataclass(frozen=True)
class Dependence(Result):
    """Attributions by value, numbers and times in bins of about as many rows, missing last."""

    rows: tuple[DependencePoint, ...]
    feature: str
    output: str
    source: Source
    note: str = ""

    row_type: ClassVar[type] = DependencePoint
    title: ClassVar[str] = "What a value does"


def find_dependence(
    feature: str,
    column: pa.ChunkedArray,
    attributions: Floats,
    *,
    output: str,
    source: Source,
    is_ordered: bool,
    bins: int,
) -> Dependence:
    """The attributions by the values of the column, (n,) both."""
    known = np.isfinite(attributions)
    missing = np.asarray(column.is_null())
    present = np.flatnonzero(known & ~missing)
    if is_ordered:
        points = _by_bin(column, attributions, present, bins)
        note = ""
    else:
        points, left = _by_value(column, attributions, present)
        note = f"{left:,} rarer values are left out." if left else ""
    gone = np.flatnonzero(known & missing)
    if len(gone):
        points.append(_point("missing", None, None, attributions[gone]))
    return Dependence(tuple(points), feature, output, source, note)


def _by_bin(column: Any, attributions: Floats, rows: Any, bins: int) -> list[DependencePoint]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(rows):
        return []
    own = column.take(pa.array(rows))
    order = np.asarray(pc.sort_indices(own))
    ranks = np.asarray(pc.rank(own, sort_keys="ascending", tiebreaker="dense"), np.int64) - 1
    counts = np.bincount(ranks)
    place = np.cumsum(counts) - counts  # rows before each value: equal values share a bin
    if len(counts) <= bins:
        bin_of = np.arange(len(counts))
    else:
        bin_of = np.unique(place * bins // len(rows), return_inverse=True)[1]
    of_row = bin_of[ranks]
    points = []
    for at in range(int(bin_of.max()) + 1):
        inside = order[of_row[order] == at]
        first, last = own[int(inside[0])].as_py(), own[int(inside[-1])].as_py()
        name = _word(first) if first == last else f"{_word(first)} to {_word(last)}"
        points.append(_point(name, first, last, attributions[rows[inside]]))
    return points


def _by_value(column: Any, attributions: Floats, rows: Any) -> tuple[list[DependencePoint], int]:
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(column.take(pa.array(rows))).combine_chunks()
    codes = np.asarray(encoded.indices, dtype=np.int64)
    names = encoded.dictionary.to_pylist()
    counts = np.bincount(codes, minlength=len(names))
    often = np.argsort(-counts, kind="stable")[:MOST_VALUES]
    points = [
        _point(_word(names[at]), names[at], names[at], attributions[rows[codes == at]])
        for at in often.tolist()
    ]
    return points, len(names) - len(often)


def _point(name: str, first: Any, last: Any, values: Floats) -> DependencePoint:
    mean = mean_of(values)
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return DependencePoint(
        name, plain(first), plain(last), mean.value, mean.low, mean.high, spread, len(values)
    )


def _word(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(plain(value))
