"""Changes of rows of a table: noise, missing values, other categories, units, shifts.

What is changed is a *cell*: `strength` is the share of a row's cells, or, where the text says
so, the size of the change. Spread and values are those of the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.perturb.draws import Draws, Floats, picked
from mispredict.perturb.reference import ColumnKind, Facts, Reference
from mispredict.perturb.registry import perturbation

if TYPE_CHECKING:
    import pandas as pd

Bools = npt.NDArray[np.bool_]
Columns = Sequence[str] | None


@perturbation("noise", on="tabular", keeps_label=True)
def noise(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
    beyond: bool = False,
) -> pd.DataFrame:
    """Numbers move by normal noise; strength is its deviation over the column's.

    Whole numbers stay whole, decimals are kept, and values stay inside the range of the data.

    Args:
        beyond: whether values may leave that range.

    Example:
        >>> apply("noise", people, strength=0.2).after
    """

    def moved(values: Floats, facts: Facts, place: int) -> Floats:
        step = rng.normal() * strength * facts.deviation
        return _fitted(values + step, facts, beyond)

    return _numbers("noise", frame, columns, reference, moved)


@perturbation("missing", on="tabular", keeps_label=True)
def missing(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
) -> pd.DataFrame:
    """Cells become missing; strength is the share of a row's cells.

    Example:
        >>> apply("missing", people, strength=0.2).after
    """
    names = tuple(reference.columns) if columns is None else tuple(columns)
    hit = _cells(frame, names, strength, rng)
    made = {
        name: frame[name].mask(hit[:, place])
        for place, name in enumerate(names)
        if hit[:, place].any()
    }
    return frame.assign(**made)


@perturbation("category_swap", on="tabular", keeps_label=False)
def category_swap(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
) -> pd.DataFrame:
    """Categories become others of the data, as frequent as they are; strength is their share.

    Example:
        >>> apply("category_swap", people, strength=0.2).after
    """
    names = tuple(
        name
        for name in _of_kind("category_swap", "category", columns, reference)
        if len(reference.columns[name].values) > 1
    )
    hit = _cells(frame, names, strength, rng)
    made = {}
    for place, name in enumerate(names):
        drawn = rng.random()
        rows = hit[:, place]
        if rows.any():
            made[name] = _swapped(frame[name], rows, drawn[rows], reference.columns[name])
    return frame.assign(**made)


def _cells(frame: pd.DataFrame, names: Sequence[str], strength: float, rng: Draws) -> Bools:
    """Which cells are changed: at least one that is not missing, of each row that has one."""
    if not names:
        return np.zeros((len(frame), 0), dtype=bool)
    there = frame[list(names)].notna().to_numpy()
    row, column = np.nonzero(there)
    hit = np.zeros(there.shape, dtype=bool)
    hit[row, column] = picked(rng, strength, row, column)
    return hit


def _numbers(
    name: str,
    frame: pd.DataFrame,
    columns: Columns,
    reference: Reference,
    change: Callable[[Floats, Facts, int], Floats],
) -> pd.DataFrame:
    """The frame with its numeric columns changed."""
    made = {}
    for place, column in enumerate(_of_kind(name, "numeric", columns, reference)):
        values = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
        made[column] = _as_column(change(values, reference.columns[column], place), frame[column])
    return frame.assign(**made)


def _of_kind(
    name: str, kind: ColumnKind, columns: Columns, reference: Reference
) -> tuple[str, ...]:
    found = reference.named(kind, columns)
    if not found:
        said = {"numeric": "numbers", "category": "categories"}.get(kind, kind)
        raise BadOption(
            f"perturbation {name!r} changes {said}, and there is no such column.",
            known=f"Columns: {', '.join([*(columns or reference.columns)][:8])}.",
            hint="other columns, or another perturbation",
        )
    return found


def _fitted(values: Floats, facts: Facts, beyond: bool) -> Floats:
    """Values as precise as the data's, and inside their range unless it may be left."""
    found = np.round(values, facts.decimals) if facts.decimals < 15 else values
    return found if beyond else np.clip(found, facts.low, facts.high)


def _as_column(values: Floats, column: pd.Series) -> pd.Series:
    """Numbers in the column's type, or as decimals where the type has no room for them."""
    import pandas as pd

    found = pd.Series(values, index=column.index, name=column.name)
    if pd.api.types.is_integer_dtype(column) and (values == np.round(values)).all():
        return found.astype(column.dtype)
    if pd.api.types.is_extension_array_dtype(column.dtype):
        return found.astype("Float64")
    return found.astype(column.dtype) if pd.api.types.is_float_dtype(column) else found


def _swapped(column: pd.Series, rows: Bools, drawn: Floats, facts: Facts) -> pd.Series:
    """The column with other values where it says so: drawn by share among the others."""
    import pandas as pd

    assert facts.shares is not None
    places = {value: place for place, value in enumerate(facts.values)}
    now = np.array([places.get(value, -1) for value in column[rows].tolist()])
    before = np.r_[0.0, np.cumsum(facts.shares)]
    own = np.where(now < 0, 0.0, facts.shares[now])
    at = drawn * (1 - own)
    at = np.where((now >= 0) & (at >= before[np.maximum(now, 0)]), at + own, at)
    chosen = np.minimum(np.searchsorted(before, at, side="right") - 1, len(facts.values) - 1)
    same = chosen == now  # by rounding, at the very edge of a share
    chosen = np.where(same, (chosen + 1) % len(facts.values), chosen)
    values: Any = column.astype(object).to_numpy(copy=True)
    values[rows] = np.array([*facts.values, None], dtype=object)[chosen]
    made = pd.Series(values, index=column.index, name=column.name)
    return made.astype(column.dtype)
