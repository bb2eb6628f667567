"""Inputs that are made up: columns set to values, drawn from ranges or from the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.options import shown
from mispredict.core.schema import ColumnType
from mispredict.expectations.subject import Bools, Floats, Numbers, Subject
from mispredict.models.copies import Copies

if TYPE_CHECKING:
    import pandas as pd


_sorted: WeakKeyDictionary[Subject, dict[str, Floats]] = WeakKeyDictionary()  # by column


def check_column(subject: Subject, name: str) -> ColumnType:
    """The type of an input of the model.

    Raises:
        UnknownColumn: the model takes no such column.
    """
    if name not in subject.columns:
        raise UnknownColumn.among(name, subject.columns, where="the model's inputs")
    return subject.columns[name]


def number_column(subject: Subject, name: str) -> Floats:
    """The known values of a column of numbers, sorted.

    Raises:
        BadOption: it has none.
    """
    kind = check_column(subject, name)
    if kind is not ColumnType.NUMERIC:
        raise BadOption(
            f"column {name!r} holds no numbers.",
            known=f"Its type is {kind}; only numbers go up or down.",
            hint="to='a value', or a numeric column",
        )
    known = _sorted.setdefault(subject, {})
    if name not in known:
        known[name] = np.sort(subject.values(name).to_numpy(np.float64))
    if not len(known[name]):
        raise BadOption(f"column {name!r} has no values.", hint="another column")
    return known[name]


def drawn(values: pd.Series[Any], given: Any, n: int, rng: np.random.Generator) -> Any:
    """n values of what is given for a column: one value, a range of numbers, or one of a list.

    Args:
        values: of the column in the data.
        given: a value; a pair of numbers (None: as far as the data goes) for a column of
            numbers; or a list of values, each as likely.
        n: how many.
        rng: draws.
    """
    if not isinstance(given, tuple):
        return [given] * n
    is_number = values.dtype.kind in "iuf"
    if is_number and len(given) == 2:
        return _between(values.to_numpy(np.float64), given[0], given[1], n, rng)
    if not given:
        raise BadOption("a list of values is empty.", hint="[1, 2]")
    return [given[place] for place in rng.integers(0, len(given), n)]


def beyond(values: Floats, own: Floats, *, up: bool, rng: np.random.Generator) -> Floats:
    """For each number one drawn from the larger (or smaller) values; NaN where there is none.

    Args:
        values: to draw from, sorted.
        own: the numbers.
        up: whether to draw from the larger ones.
        rng: one draw per number.
    """
    share = rng.random(len(own))
    if up:
        start = np.searchsorted(values, own, side="right")
        count = len(values) - start
    else:
        start = np.zeros(len(own), dtype=np.int64)
        count = np.searchsorted(values, own, side="left")
    has_any: Bools = (count > 0) & ~np.isnan(own)
    place = np.minimum(start + (share * count).astype(np.int64), len(values) - 1)
    found: Floats = np.where(has_any, values[place], np.nan)
    return found


def distinct(copies: Copies) -> Numbers:
    """The number of the content of each row: equal for equal rows."""
    import pandas as pd

    codes, _ = pd.factorize(copies.keys()[:, 0])
    numbers: Numbers = codes.astype(np.int64)
    return numbers


def _between(values: Floats, low: Any, high: Any, n: int, rng: np.random.Generator) -> Any:
    for bound in (low, high):
        if bound is not None and (isinstance(bound, bool) or not isinstance(bound, (int, float))):
            raise BadOption(
                f"{shown(bound)} is no end of a range.",
                known="A range of numbers is a pair of numbers; null is as far as the data goes.",
                hint="[18, 65]",
            )
    least = float(values.min()) if low is None else float(low)
    most = float(values.max()) if high is None else float(high)
    if not least <= most:
        raise BadOption(f"the range {shown((low, high))} is empty.", hint=f"[{high}, {low}]")
    is_whole = bool((values == np.round(values)).all()) and np.ceil(least) <= np.floor(most)
    if is_whole:
        return rng.integers(int(np.ceil(least)), int(np.floor(most)), n, endpoint=True)
    return rng.uniform(least, most, n)
