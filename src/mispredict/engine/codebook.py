"""What a column's codes mean.

Code 0 is missing. A book of kind "values" gives each value a code, and one last code to all
others when there are too many. A book of kind "bins" has edges e0 < e1 < … < ek, and code i
covers [e(i-1), e(i)), the last bin with both ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.predicate import Predicate

MISSING = 0

# As stored: text, a boolean or a number; dates as days and times as steps since 1970.
Point: TypeAlias = str | bool | int | float
Value: TypeAlias = str | bool | int | float | date | datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Codebook:
    """The meaning of a column's codes.

    `storage` is the Arrow type of the values, `points` the values in order of their codes or
    the edges of the bins, `has_other` whether a last code stands for all further values.
    """

    kind: Literal["values", "bins"]
    type: ColumnType
    storage: str
    points: tuple[Point, ...]
    has_other: bool = False

    @property
    def size(self) -> int:
        """How many codes there are, the one for missing included."""
        if self.kind == "bins":
            return max(len(self.points) - 1, 0) + 1
        return len(self.points) + 1 + self.has_other

    @property
    def other(self) -> int | None:
        """The code of all values that have none of their own, if there is one."""
        return self.size - 1 if self.has_other else None

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(np.uint8 if self.size <= 256 else np.uint16)

    def value(self, code: int) -> Value | None:
        """The value of a code in a book of values; None for missing and other values."""
        if self.kind != "values" or code in (MISSING, self.other):
            return None
        return self._plain(self.points[self._checked(code) - 1])

    def interval(self, code: int) -> tuple[Value, Value]:
        """Both ends of a bin; the upper one is outside of it unless the bin is the last."""
        if self.kind != "bins" or self._checked(code) == MISSING:
            raise BadOption(f"code {code} is not a bin.", known=f"The book has {self.kind}.")
        return self._plain(self.points[code - 1]), self._plain(self.points[code])

    def describe(self, code: int) -> str:
        """The code in words, such as `30 to 39`, `[0.5, 0.7)`, `Germany` or `missing`."""
        if self._checked(code) == MISSING:
            return "missing"
        if code == self.other:
            return "other values"
        if self.kind == "values":
            return _text(self._plain(self.points[code - 1]))
        low, high = self.interval(code)
        top = self.whole_top(code)
        if self.is_point(code):
            return _text(low)
        if top is not None:
            return f"{_text(low)} to {_text(top)}"
        left, right = _text(low), _text(high)
        if left == right and low != high:
            left, right = repr(low), repr(high)
        return f"[{left}, {right}{']' if code == self.size - 1 else ')'}"

    def whole_top(self, code: int) -> int | None:
        """The largest whole number in a bin of whole numbers; None for other bins."""
        if self.kind != "bins" or self.storage != "int64":
            return None
        high = int(self.points[code])
        return high if code == self.size - 1 else high - 1

    def is_point(self, code: int) -> bool:
        """Whether a bin can hold one value only, its lower edge."""
        low, high = self.points[code - 1], self.points[code]
        return low == high or (code < self.size - 1 and low == self.whole_top(code))

    def condition(self, column: str, code: int, *, is_input: bool = False) -> Predicate:
        """The predicate that selects exactly the rows that have this code."""
        from mispredict.engine.conditions import condition

        return condition(self, column, self._checked(code), is_input=is_input)

    def array(self) -> pa.Array:
        """The values, or the lower ends of the bins, as Arrow values of the column's type."""
        points = self.points if self.kind == "values" else self.points[:-1]
        return self.arrow(points)

    def tops(self) -> pa.Array:
        """The largest value that each bin can hold, as Arrow values of the column's type."""
        below = [_previous(point) for point in self.points[1:-1]]
        return self.arrow([*below, *self.points[-1:]])

    def arrow(self, points: tuple[Point, ...] | list[Point]) -> pa.Array:
        """Points of this book as Arrow values of the column's type."""
        import pyarrow as pa

        target = arrow_type(self.storage)
        if pa.types.is_timestamp(target):
            return pa.array(points, pa.int64()).cast(target)
        if pa.types.is_date32(target):
            return pa.array(points, pa.int32()).cast(target)
        return pa.array(points, target)

    def edges(self) -> NDArray[Any]:
        """The edges of the bins as numbers (times in steps of their unit)."""
        return np.asarray(self.points, dtype=number_dtype(self.storage))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready value; infinite edges are written as text."""
        return {
            "kind": self.kind,
            "type": self.type.value,
            "storage": self.storage,
            "points": [
                str(item) if isinstance(item, float) and not math.isfinite(item) else item
                for item in self.points
            ],
            "has_other": self.has_other,
        }

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Codebook:
        points = value["points"]
        if value["storage"] == "double":
            points = [float(item) for item in points]
        return cls(
            kind=value["kind"],
            type=ColumnType(value["type"]),
            storage=value["storage"],
            points=tuple(points),
            has_other=value["has_other"],
        )

    def _plain(self, point: Point) -> Value:
        if self.storage.startswith("date32"):
            return (_EPOCH + timedelta(days=int(point))).date()
        if self.storage.startswith("timestamp"):
            steps = int(point) // 1_000 if "[ns]" in self.storage else int(point)
            return _EPOCH + timedelta(microseconds=steps)
        return point

    def _checked(self, code: int) -> int:
        if not 0 <= code < self.size:
            raise BadOption(
                f"there is no code {code}.", known=f"Codes go from 0 to {self.size - 1}."
            )
        return code


def arrow_type(storage: str) -> Any:
    """The Arrow type by the name that a codebook stores."""
    import pyarrow as pa

    if storage.startswith("timestamp["):
        return pa.timestamp(storage[len("timestamp[") : -1])
    return pa.type_for_alias(storage)


def number_dtype(storage: str) -> np.dtype[Any]:
    """NumPy's type of the numbers behind an Arrow type."""
    if storage == "double":
        return np.dtype(np.float64)
    if storage == "uint64":
        return np.dtype(np.uint64)
    return np.dtype(np.int32 if storage.startswith("date32") else np.int64)


def _previous(point: Point) -> Point:
    """The largest representable number below the point."""
    if isinstance(point, float):
        return math.nextafter(point, -math.inf)
    if isinstance(point, str):
        raise BadOption(f"{point!r} is not an edge of a bin.")
    return point - 1


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        is_midnight = value == datetime.combine(value.date(), datetime.min.time())
        return value.date().isoformat() if is_midnight else value.isoformat(sep=" ")
    if isinstance(value, str):
        short = value if len(value) <= _LONGEST_TEXT else f"{value[: _LONGEST_TEXT - 1]}…"
        return short if short.strip() else repr(short)
    return str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.6g}" if math.isfinite(value) else ("∞" if value > 0 else "-∞")
