"""Copies of rows whose inputs are given other values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.cells import is_alike
from mispredict.core.errors import BadOption
from mispredict.core.options import shown
from mispredict.expectations.subject import Bools, Numbers, Perturbed
from mispredict.models.copies import Copies, values_of

if TYPE_CHECKING:
    import pandas as pd


def with_values(copies: Copies, name: str, values: Any) -> Copies:
    """The copies with other values in a column, in the type that the column has.

    Raises:
        BadOption: a value does not fit the column.
    """
    import pandas as pd

    column = pd.Series(copies.column(name), copy=False)
    try:
        if isinstance(column.dtype, pd.CategoricalDtype):
            made = _categories(column, values)
        elif column.dtype.kind in "iu" and not _are_whole(values):
            made = pd.Series(np.asarray(values, np.float64))
        elif column.dtype.kind == "b" and not all(isinstance(v, (bool, np.bool_)) for v in values):
            raise ValueError(f"{next(iter(values))!r} is neither true nor false")
        else:
            made = pd.Series(values).astype(column.dtype)
    except (TypeError, ValueError) as error:
        raise BadOption(
            f"column {name!r} cannot hold {shown(next(iter(values), None))}.",
            known=f"Its type is {column.dtype}: {error}"[:200],
            hint="a value like those of the data",
        ) from error
    return copies.assign({name: values_of(made)})


def changed_copies(before: Copies, made: Perturbed, kept: Numbers) -> Copies:
    """Those of the copies at some places, as a perturbation left them."""
    values = {name: values_of(made.frame[name])[kept] for name in made.columns}
    return before.take(kept).assign(values)


def differ_from(values: Any, other: Any) -> Bools:
    """Which values of a column are not this one; missing ones are not."""
    import pandas as pd

    found: Bools = (pd.Series(values, copy=False) != other).to_numpy(dtype=bool)
    return found


def differ(before: Copies, after: Copies, owner: Numbers) -> Bools:
    """Which values of copies differ from those of their rows, (copies, columns)."""
    names = list(before.sheet)
    found = np.zeros((len(owner), len(names)), dtype=bool)
    for at, name in enumerate(names):
        if name not in before.changed and name not in after.changed:
            continue  # copies of the same rows
        old, new = before.column(name).take(owner), after.column(name)
        if old.dtype.kind in "iub" and new.dtype.kind in "iub":
            found[:, at] = np.asarray(old) != np.asarray(new)
            continue
        if any(isinstance(value, np.ndarray) for value in new if new.dtype == object):
            pairs = zip(old, new, strict=True)
            found[:, at] = [not is_alike(one, other) for one, other in pairs]
            continue
        gone = _missing(old) & _missing(new)
        is_number = {old.dtype.kind, new.dtype.kind} <= set("iufb")
        types = None if is_number else object
        same = np.asarray(old, dtype=types) == np.asarray(new, dtype=types)
        found[:, at] = ~same.astype(bool) & ~gone
    return found


def _missing(values: Any) -> Bools:
    import pandas as pd

    return np.asarray(pd.isna(values), dtype=bool)


def _categories(column: pd.Series[Any], values: Sequence[Any]) -> pd.Series[Any]:
    import pandas as pd

    known = column.cat.categories
    unknown = [item for item in values if item is not None and item not in known]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not one of its {len(known):,} categories")
    return pd.Series(pd.Categorical(list(values), dtype=column.dtype))


def _are_whole(values: Any) -> bool:
    numbers = np.asarray(values, dtype=np.float64)
    return bool((numbers == np.round(numbers)).all())
