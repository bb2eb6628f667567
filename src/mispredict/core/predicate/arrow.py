"""Comparisons of Arrow columns with values, exact for whole numbers and times.

Every function takes a column as `prepared` gives it and answers a boolean Arrow array with
null where the answer is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate.literal import Literal, Value
from mispredict.core.predicate.patterns import TOKEN, like_pattern, phrase_pattern
from mispredict.core.predicate.polygon import Corner, contains
from mispredict.core.predicate.text import literal_text

_EPOCH = datetime(1970, 1, 1)
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def prepared(column: Any) -> Any:
    """The column decoded, with NaN as null, in one of few types.

    They are int64, uint64, float64, bool, large_string, timestamp without a zone (UTC), and
    what can only be missing or not, such as lists.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    target = _target(column.type)
    if target is not None and target != column.type:
        column = column.cast(target)
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), None, column)
    return column


def flat(answer: Any) -> Any:
    """The answer, which may be in chunks, as one array."""
    import pyarrow as pa

    if not isinstance(answer, pa.ChunkedArray):
        return answer
    return answer.combine_chunks() if answer.num_chunks else pa.array([], answer.type)


def constant(value: bool, n: int) -> Any:
    """An array of `n` times the value."""
    import numpy as np

    return from_numpy(np.full(n, value))


def from_numpy(values: Any) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.bool_())


def compare(column: Any, op: str, value: Value, name: str) -> Any:
    """`column op value`."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_null(kind):
        return column.cast(pa.bool_())
    if isinstance(value, bool) and pa.types.is_boolean(kind) and op in ("=", "<>"):
        return _apply(op, column, pa.scalar(value))
    if isinstance(value, str) and pa.types.is_large_string(kind):
        return _apply(op, column, pa.scalar(value, kind))
    if isinstance(value, datetime) and pa.types.is_timestamp(kind):
        return _compare_whole(column.cast(pa.int64()), op, _ticks(value, kind.unit))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if pa.types.is_integer(kind):
            return _compare_whole(column, op, value)
        if pa.types.is_floating(kind):
            return _apply(op, column, pa.scalar(float(value), kind))
    raise _mismatch(f"{name} {op} {literal_text(Literal(value))}", column, value)


def compare_columns(left: Any, op: str, right: Any, names: str) -> Any:
    """`left op right`, row by row."""
    import pyarrow as pa

    kinds = left.type, right.type
    if any(pa.types.is_null(kind) for kind in kinds):
        return pa.nulls(len(left), pa.bool_())
    numbers = [pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds]
    if kinds[0] == kinds[1] and not pa.types.is_nested(kinds[0]):
        return _apply(op, left, right)
    if all(numbers):
        return _apply(op, left.cast(pa.float64(), safe=False), right.cast(pa.float64(), safe=False))
    if all(pa.types.is_timestamp(kind) for kind in kinds):
        return _apply(op, left, right)
    raise BadPredicate(
        f"{names} compares unlike columns.",
        known=f"They are stored as {kinds[0]} and {kinds[1]}.",
        hint="two columns of one type",
    )


def is_in(column: Any, values: Sequence[Value], name: str) -> Any:
    """`column IN (values)`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_null(column.type):
        return column.cast(pa.bool_())
    for value in values:
        compare(column[:0], "=", value, name)  # refuses values of another type
    whole = column
    if pa.types.is_timestamp(column.type):
        whole = column.cast(pa.int64())
    among = pc.is_in(whole, value_set=pa.array(_members(whole, column.type, values), whole.type))
    return pc.if_else(pc.is_null(column), None, among)


def _members(column: Any, kind: Any, values: Sequence[Value]) -> list[Any]:
    """The values that the column can hold, as it holds them."""
    import pyarrow as pa

    if pa.types.is_floating(kind):
        numbers = [float(value) for value in values if isinstance(value, (int, float))]
        return [*numbers, *([-0.0] if 0.0 in numbers else [])]  # hashing tells them apart
    if not pa.types.is_integer(column.type):
        return list(values)
    low, high = _range(column)
    exact: list[Fraction] = []
    for value in values:
        if isinstance(value, datetime):
            exact.append(_ticks(value, kind.unit))
        elif isinstance(value, (int, float)) and math.isfinite(value):
            exact.append(Fraction(value))
    return [int(item) for item in exact if item.denominator == 1 and low <= item <= high]


def booleans(column: Any, name: str) -> Any:
    """The column itself, which must be boolean."""
    import pyarrow as pa

    if pa.types.is_null(column.type):
        return column.cast(pa.bool_())
    if not pa.types.is_boolean(column.type):
        raise BadPredicate(
            f"{name} alone is not a condition.",
            known=f"It is stored as {column.type}, not as boolean.",
            hint=f"{name} IS NOT NULL",
        )
    return column


def matches_like(column: Any, pattern: str, name: str) -> Any:
    """`column LIKE pattern`, without an escape character."""
    import pyarrow.compute as pc

    return pc.match_substring_regex(_text(column, name, "LIKE"), like_pattern(pattern))


def has(column: Any, phrase: str, name: str) -> Any:
    """Whether texts hold the phrase as whole tokens, or lists hold it as an element."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return _contains(column, phrase)
    return pc.match_substring_regex(_text(column, name, "has()"), phrase_pattern(phrase))


def length(column: Any, name: str) -> Any:
    """Number of characters of each text, int64."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.utf8_length(_text(column, name, "length()")).cast(pa.int64())


def words(column: Any, name: str) -> Any:
    """Number of tokens of each text, int64."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.count_substring_regex(_text(column, name, "words()"), TOKEN).cast(pa.int64())


def inside(x: Any, y: Any, corners: Sequence[Corner]) -> Any:
    """Whether the points lie in the polygon; unknown where a coordinate is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    points = [_numbers(column, name) for column, name in ((x, "map_x"), (y, "map_y"))]
    values = [pc.fill_null(item, math.nan).to_numpy(zero_copy_only=False) for item in points]
    missing = pc.or_(*(pc.is_null(item) for item in points))
    return pa.array(contains(corners, *values), mask=missing.to_numpy(zero_copy_only=False))


def _numbers(column: Any, name: str) -> Any:
    """The numbers as one array of float64."""
    import pyarrow as pa

    kind = column.type
    if not (pa.types.is_null(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        raise BadPredicate(
            f"inside() needs numbers, and {name} is none.",
            known=f"It is stored as {kind}.",
            hint="ev.map(), and no column of that name in the dataset",
        )
    return flat(column.cast(pa.float64(), safe=False))


def _target(kind: Any) -> Any:
    import pyarrow as pa

    is_ = pa.types
    if is_.is_uint64(kind) or is_.is_boolean(kind):
        return kind
    if is_.is_integer(kind):
        return pa.int64()
    if is_.is_floating(kind) or is_.is_decimal(kind):
        return pa.float64()
    if is_.is_string(kind) or is_.is_large_string(kind) or is_.is_string_view(kind):
        return pa.large_string()
    if is_.is_date(kind):
        return pa.timestamp("ms")
    if is_.is_timestamp(kind):
        return pa.timestamp(kind.unit)  # of a time with zone, its UTC
    return None


def _apply(op: str, left: Any, right: Any) -> Any:
    import pyarrow.compute as pc

    functions: dict[str, Callable[[Any, Any], Any]] = {
        "=": pc.equal,
        "<>": pc.not_equal,
        "<": pc.less,
        "<=": pc.less_equal,
        ">": pc.greater,
        ">=": pc.greater_equal,
    }
    return functions[op](left, right)


def _compare_whole(column: Any, op: str, value: int | float | Fraction) -> Any:
    """Comparison of whole numbers with any number, without rounding either."""
    import pyarrow as pa

    low, high = _range(column)
    if isinstance(value, float) and math.isinf(value):
        return _same(column, _holds(0, op, value))
    exact = Fraction(value)
    if exact.denominator != 1:
        if op in ("=", "<>"):
            return _same(column, op == "<>")
        op, exact = ("<=", exact) if op in ("<", "<=") else (">", exact)
    whole = math.floor(exact)
    if whole < low or whole > high:
        return _same(column, _holds(low if whole > high else high, op, whole))
    return _apply(op, column, pa.scalar(whole, column.type))


def _range(column: Any) -> tuple[int, int]:
    import pyarrow as pa

    return (0, 2**64 - 1) if pa.types.is_uint64(column.type) else (-(2**63), 2**63 - 1)


def _holds(left: float, op: str, right: float) -> bool:
    return {
        "=": left == right,
        "<>": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[op]


def _same(column: Any, value: bool) -> Any:
    """The value for every row that is not missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pc.is_null(column), pa.scalar(None, pa.bool_()), pa.scalar(value))


def _ticks(value: datetime, unit: str) -> Fraction:
    microseconds = (value - _EPOCH) // timedelta(microseconds=1)
    return Fraction(microseconds * _PER_SECOND[unit], 10**6)


def _contains(column: Any, label: str) -> Any:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    column = flat(column)
    values = pc.list_flatten(column)
    parents = pc.list_parent_indices(column).to_numpy(zero_copy_only=False)
    hits = pc.fill_null(pc.equal(values, pa.scalar(label, values.type)), False)
    found = np.zeros(len(column), dtype=bool)
    found[parents[hits.to_numpy(zero_copy_only=False)]] = True
    return pc.if_else(pc.is_null(column), None, pa.array(found))


def _text(column: Any, name: str, what: str) -> Any:
    import pyarrow as pa

    if pa.types.is_large_string(column.type):
        return column
    if pa.types.is_null(column.type):
        return column.cast(pa.large_string())
    raise BadPredicate(
        f"{what} needs text, and {name} is none.",
        known=f"It is stored as {column.type}.",
        hint="a column of text",
    )


def _mismatch(written: str, column: Any, value: Value) -> BadPredicate:
    import pyarrow as pa

    hint = "a value of the column's type"
    if pa.types.is_large_string(column.type):
        hint = f"text in single quotes: {literal_text(Literal(str(value)))}"
    elif isinstance(value, str) and not pa.types.is_timestamp(column.type):
        hint = f"{value} without quotes"
    elif isinstance(value, str):
        hint = "parse(text, fields), which reads dates"
    return BadPredicate(
        f"{written} compares values of different types.",
        known=f"The column is stored as {column.type}.",
        hint=hint,
    )
