"""The features that a search moves in: what values they have, and how far values are apart.

Rows are a matrix of floats: numbers as they are (times in seconds), categories as the place of
their value, missing as NaN. A difference of numbers counts in robust standard deviations of
the column (1.4826 × the median absolute deviation), another category as 1, and so does a value
that is missing or infinite on one side alone, since nothing measures how far it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.results import plain
from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

MOST_VALUES = 1_000  # categories that a search looks at, the most frequent ones
INFINITY = "inf"
_SAMPLE = 50_000  # values that scale and precision are taken from
_DECIMALS = 6
_CELLS = 8_000_000  # of a table of distances that is made at once


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """A column that can be varied.

    `values` are the categories with their `shares` of the rows, most frequent first; numbers
    have `low`, `high`, a `scale` of one robust standard deviation, a sorted sample `spread`,
    and the number of `decimals` that the data is written with (None for more than six);
    `is_whole` ones are stored as whole numbers.
    """

    name: str
    type: ColumnType
    values: tuple[Any, ...] = ()
    shares: tuple[float, ...] = ()
    low: float = np.nan
    high: float = np.nan
    scale: float = 1.0
    decimals: int | None = None
    spread: Floats | None = None
    has_missing: bool = False
    is_whole: bool = False

    @property
    def is_number(self) -> bool:
        return self.spread is not None

    @property
    def has_values(self) -> bool:
        """Whether any row has a value there."""
        return bool(self.values) if self.spread is None else len(self.spread) > 0

    def quantiles(self, n: int) -> Floats:
        """At most n different values of the column, at equal shares of its rows."""
        assert self.spread is not None
        if not len(self.spread):
            return np.empty(0)
        places = np.linspace(0, len(self.spread) - 1, n).round().astype(int)
        return np.unique(self.spread[places])

    def rounded(self, values: Floats) -> Floats:
        """The numbers with as many decimals as the column's values have."""
        return rounded(values, self.decimals)

    def encoded(self, column: pa.ChunkedArray) -> Floats:
        """The values of an Arrow column as numbers of the matrix."""
        return _encoded(self, column)

    def plain(self, value: float) -> Any:
        """A value of the matrix as people know it: a number, a category, a time, or None.

        Infinity is a word, which JSON can hold and nobody takes for a missing value.
        """
        if np.isnan(value):
            return None
        if np.isinf(value):
            return INFINITY if value > 0 else f"-{INFINITY}"
        if not self.is_number:
            return plain(self.values[int(value)])
        if self.type is ColumnType.DATETIME:
            return str(np.datetime64(round(value * 1e6), "us").astype("datetime64[s]"))
        return int(value) if self.decimals == 0 else float(value)


class Space:
    """The features of a table of inputs, and its rows as a matrix."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = tuple(features)
        self.names = tuple(feature.name for feature in features)

    def __len__(self) -> int:
        return len(self.features)

    @classmethod
    def of(cls, table: pa.Table, types: Mapping[str, ColumnType]) -> Space:
        """The space of those columns of an Arrow table that can be varied one by one."""
        made = (feature_of(name, types[name], table[name]) for name in table.column_names)
        return cls([feature for feature in made if feature is not None])

    def __getitem__(self, name: str) -> Feature:
        return self.features[self.names.index(name)]

    @cached_property
    def is_number(self) -> Bools:
        return np.array([feature.is_number for feature in self.features], dtype=bool)

    @cached_property
    def scales(self) -> Floats:
        return np.array([feature.scale for feature in self.features])

    def encode(self, table: pa.Table) -> Floats:
        """The rows of an Arrow table as a matrix, (n, features)."""
        matrix = np.empty((table.num_rows, len(self)))
        for at, feature in enumerate(self.features):
            matrix[:, at] = feature.encoded(table[feature.name])
        return matrix

    def decode(self, matrix: Floats, base: pd.DataFrame, owner: Codes, own: Floats) -> pd.DataFrame:
        """Rows as the model takes them: the base's rows with what differs put in.

        Args:
            matrix: (n, features), the values to have.
            base: the rows that were changed.
            owner: (n,), which row of the base each one comes from.
            own: the matrix of the base.
        """
        import pandas as pd

        columns: dict[str, Any] = {}
        places = {name: at for at, name in enumerate(self.names)}
        for name in base.columns:
            series = base[name]
            column = series.array.take(owner)
            if name in places:
                at = places[name]
                is_new = differs(matrix[:, at], own[owner, at])
                if is_new.any():
                    column = _replaced(self.features[at], column, matrix[:, at], is_new)
            columns[name] = column
        return pd.DataFrame(columns, columns=base.columns)

    def differences(self, a: Floats, b: Floats) -> Floats:
        """How far each value of `a` is from the one of `b`, in the feature's own measure."""
        with np.errstate(invalid="ignore", over="ignore"):
            numbers = np.abs(a - b) / self.scales
            others = (a != b).astype(np.float64)
        numbers = np.where(np.isfinite(a) & np.isfinite(b), numbers, others)
        result = np.where(self.is_number, numbers, others)
        missing_a, missing_b = np.isnan(a), np.isnan(b)
        result = np.where(missing_a & missing_b, 0.0, result)
        found: Floats = np.where(missing_a ^ missing_b, 1.0, result)
        return found

    def distances(self, a: Floats, b: Floats, weights: Floats | None = None) -> Floats:
        """Sum of the differences of each row of `a` from each row of `b`, (len(a), len(b))."""
        out = np.zeros((len(a), len(b)))
        step = max(1, _CELLS // max(len(b), 1))
        for start in range(0, len(a), step):
            part = a[start : start + step]
            for at in range(len(self)):
                weight = 1.0 if weights is None else weights[at]
                if weight:
                    out[start : start + step] += weight * self._column_distances(
                        at, part[:, at, None], b[None, :, at]
                    )
        return out

    def _column_distances(self, at: int, a: Floats, b: Floats) -> Floats:
        found: Floats
        if self.is_number[at]:
            with np.errstate(invalid="ignore", over="ignore"):
                found = np.abs(a - b) / self.scales[at]
            found = np.where(np.isfinite(found), found, (a != b).astype(np.float64))
        else:
            found = (a != b).astype(np.float64)
        missing_a, missing_b = np.isnan(a), np.isnan(b)
        if missing_a.any() or missing_b.any():
            found = np.where(missing_a ^ missing_b, 1.0, np.where(missing_a, 0.0, found))
        return found


def rounded(values: Floats, decimals: int | None) -> Floats:
    """The values with so many decimals; those too large to have any as they are."""
    if decimals is None:
        return values
    with np.errstate(over="ignore", invalid="ignore"):
        found = np.round(values, decimals)
    return np.where(np.isfinite(found), found, values)


def differs(a: Floats, b: Floats) -> Bools:
    """Where the values are not the same; two missing ones are."""
    changed: Bools = (a != b) & ~(np.isnan(a) & np.isnan(b))
    return changed


def feature_of(name: str, type_: ColumnType, column: pa.ChunkedArray) -> Feature | None:
    """The feature of a column; None for texts, vectors, media and types without an order."""
    import pyarrow as pa

    if type_ in (ColumnType.CATEGORICAL, ColumnType.BOOLEAN):
        return _category(name, type_, column)
    is_time = pa.types.is_timestamp(column.type) and column.type.tz is None
    if type_ is ColumnType.NUMERIC or (type_ is ColumnType.DATETIME and is_time):
        return _number(name, type_, column)
    return None


def _category(name: str, type_: ColumnType, column: pa.ChunkedArray) -> Feature | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    counts = pc.value_counts(pc.drop_null(column))
    values, sizes = counts.field("values").to_pylist(), counts.field("counts").to_numpy()
    order = np.argsort(-sizes, kind="stable")[:MOST_VALUES]
    n = max(len(column) - column.null_count, 1)
    return Feature(
        name,
        type_,
        values=tuple(values[at] for at in order),
        shares=tuple(float(sizes[at]) / n for at in order),
        has_missing=bool(column.null_count),
    )


def _number(name: str, type_: ColumnType, column: pa.ChunkedArray) -> Feature | None:
    import pyarrow as pa

    values = _floats(column)
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (np.nan, np.nan)
    if len(known) > _SAMPLE:
        known = np.random.default_rng(0).choice(known, _SAMPLE, replace=False)
    is_integer = pa.types.is_integer(column.type)
    is_exact = is_integer or type_ is ColumnType.DATETIME
    return Feature(
        name,
        type_,
        low=low,
        high=high,
        scale=_scale(known),
        decimals=0 if is_exact else _decimals(known),
        is_whole=is_integer,
        spread=np.sort(known),
        has_missing=len(values) > 0 and bool(np.isnan(values).any()),
    )


def _scale(values: Floats) -> float:
    """A robust standard deviation; of columns with mostly one value the plain one."""
    if not len(values):
        return 1.0
    quarter, middle, three = np.quantile(values, [0.25, 0.5, 0.75])
    tries = (
        1.4826 * float(np.median(np.abs(values - middle))),
        float(three - quarter) / 1.349,
        float(values.std()),
    )
    return next((size for size in tries if size > 0 and np.isfinite(size)), 1.0)


def _decimals(values: Floats) -> int | None:
    for digits in range(_DECIMALS + 1):
        if np.allclose(np.round(values, digits), values, rtol=0, atol=1e-9):
            return digits
    return None


def _floats(column: pa.ChunkedArray) -> Floats:
    from mispredict.engine.columns import as_floats, normalised

    return as_floats(normalised(column, ColumnType.NUMERIC))


def _encoded(feature: Feature, column: pa.ChunkedArray) -> Floats:
    import pyarrow as pa
    import pyarrow.compute as pc

    if feature.is_number:
        return _floats(column)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    places = pc.index_in(column, value_set=pa.array(feature.values, column.type))
    codes: Floats = pc.fill_null(places.cast(pa.float64()), np.nan).to_numpy()
    return codes


def _replaced(feature: Feature, column: Any, values: Floats, is_new: Bools) -> Any:
    """The column of pandas with the values of the matrix where they are new."""
    import pandas as pd

    if not feature.is_number:
        return _category_column(feature, column, values, is_new)
    if feature.type is ColumnType.DATETIME:
        moments = (values * 1e6).round()
        fresh = np.where(np.isnan(moments), np.datetime64("NaT"), moments.astype("datetime64[us]"))
        return pd.array(np.where(is_new, fresh, np.asarray(column)), dtype=column.dtype)
    old = np.asarray(column)
    dtype = old.dtype
    if dtype.kind in "iu" and not _fit(values[is_new], dtype):
        dtype = np.dtype(np.float64)
    merged = np.array(old, dtype=dtype)
    merged[is_new] = values[is_new].astype(dtype)
    return merged


def _fit(values: Floats, dtype: np.dtype[Any]) -> bool:
    """Whether a column of whole numbers can hold them."""
    known = np.iinfo(dtype)
    return bool(((values >= known.min) & (values < float(known.max) + 1)).all())


def _category_column(feature: Feature, column: Any, values: Floats, is_new: Bools) -> Any:
    import pandas as pd

    codes = np.where(np.isnan(values), -1, values).astype(np.int64)
    has_missing = bool((codes < 0).any())
    dtype = column.dtype
    is_plain = isinstance(dtype, np.dtype)
    if not is_plain and len(feature.values) < MOST_VALUES:
        return pd.array(list(feature.values), dtype=dtype).take(codes, allow_fill=has_missing)
    if is_plain and dtype.kind in "biu" and not has_missing:
        return np.where(is_new, np.array(feature.values)[codes], np.asarray(column)).astype(dtype)
    objects = np.empty(len(feature.values) + 1, dtype=object)
    objects[:-1] = feature.values
    merged = np.where(is_new, objects[codes], np.asarray(column, dtype=object))
    if is_plain:
        return merged.astype(np.float64) if dtype.kind in "iuf" else merged
    return pd.array(merged, dtype=dtype)
