"""What stands below a bar: the value, or its range in as few letters as say it."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.codebook import Codebook, Value


def range_labels(
    book: Codebook, first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[str, ...]:
    """Each range of codes in words, numbers with as many digits as tell the edges apart."""
    pairs = [_ends(book, a, b) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    if not pairs:
        return ()
    if isinstance(pairs[0][0], date):
        return tuple(_time_label(low, top) for low, top in pairs)
    is_whole = book.storage in ("int64", "uint64")
    if is_whole:
        return tuple(_joined(f"{low:,}", f"{top:,}") for low, top in pairs)
    digits = _digits([low for low, _ in pairs] + [pairs[-1][1]])
    return tuple(_joined(_number(low, digits), _number(top, digits)) for low, top in pairs)


def _ends(book: Codebook, first: int, last: int) -> tuple[Value, Value]:
    """The smallest value of a range, and the largest where it can be named, else the bound."""
    if book.kind == "values":
        low, top = book.value(first), book.value(last)
        assert low is not None and top is not None  # no code of an ordered book is without one
        return low, top
    low, top = book.interval(first)[0], book.interval(last)[1]
    whole = book.whole_top(last)
    return low, top if whole is None else whole


def _joined(low: str, top: str) -> str:
    return low if low == top else f"{low} to {top}"


def _digits(edges: list[Value]) -> int:
    """Decimal places at which neighbouring edges look different, at least enough for 3 digits."""
    numbers = [float(edge) for edge in edges if math.isfinite(float(edge))]  # type: ignore[arg-type]
    gaps = [b - a for a, b in pairwise(numbers) if b > a]
    if not gaps:
        return 3
    typical = sorted(gaps)[len(gaps) // 2]
    return min(max(0, 1 - math.floor(math.log10(typical))), 12)


def _number(value: Value, digits: int) -> str:
    number = float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        return "∞" if number > 0 else "-∞"
    if abs(number) >= 1e15 or (number and abs(number) < 1e-9):
        return f"{number:.3g}"
    text = f"{number:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _time_label(low: Value, top: Value) -> str:
    if isinstance(low, datetime) and isinstance(top, datetime):
        if top - low < timedelta(days=2):
            return _joined(f"{low:%Y-%m-%d %H:%M:%S}", f"{top:%Y-%m-%d %H:%M:%S}")
        return _joined(f"{low:%Y-%m-%d}", f"{top:%Y-%m-%d}")
    return _joined(str(low), str(top))
