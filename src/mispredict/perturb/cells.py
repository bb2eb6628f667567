"""Cells of a table: which are changed, and columns made of changed values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.perturb.draws import Draws, Floats, picked
from mispredict.perturb.reference import ColumnKind, Facts, Reference

if TYPE_CHECKING:
    import pandas as pd

Bools = npt.NDArray[np.bool_]
Columns: TypeAlias = "Sequence[str] | None"
Change: TypeAlias = "Callable[[Floats, Facts], Floats]"


def cells(frame: pd.DataFrame, names: Sequence[str], strength: float, rng: Draws) -> Bools:
    """Which cells are changed: at least one that is not missing, of each row that has one."""
    if not names:
        return np.zeros((len(frame), 0), dtype=bool)
    there = frame[list(names)].notna().to_numpy()
    row, column = np.nonzero(there)
    hit = np.zeros(there.shape, dtype=bool)
    hit[row, column] = picked(rng, strength, row, column)
    return hit


def numbers(
    name: str,
    frame: pd.DataFrame,
    columns: Columns,
    reference: Reference,
    change: Change,
    *,
    hit: Bools | None = None,
) -> pd.DataFrame:
    """The frame with its numeric columns changed, or those of their cells that are hit."""
    made = {}
    for place, column in enumerate(of_kind(name, "numeric", columns, reference)):
        given = frame[column]
        values = given.to_numpy(dtype=np.float64, na_value=np.nan)
        after = change(values, reference.columns[column])
        if hit is not None:
            after = np.where(hit[:, place], after, values)
        made[column] = _as_held(after, given)
    return frame.assign(**made)


def of_kind(name: str, kind: ColumnKind, columns: Columns, reference: Reference) -> tuple[str, ...]:
    found = reference.named(kind, columns)
    if not found:
        said = {"numeric": "numbers", "category": "categories"}.get(kind, kind)
        raise BadOption(
            f"perturbation {name!r} changes {said}, and there is no such column.",
            known=f"Columns: {', '.join([*(columns or reference.columns)][:8])}.",
            hint="other columns, or another perturbation",
        )
    return found


def fitted(values: Floats, facts: Facts, beyond: bool) -> Floats:
    """Values as precise as the data's, and inside their range unless it may be left."""
    found = np.round(values, facts.decimals) if facts.decimals < 15 else values
    return found if beyond else np.clip(found, facts.low, facts.high)


def as_column(values: Floats, column: pd.Series) -> pd.Series:
    """Numbers in the column's type, or as decimals where the type has no room for them."""
    import pandas as pd

    found = pd.Series(values, index=column.index, name=column.name)
    if pd.api.types.is_integer_dtype(column) and _has_room(column, values):
        return found.astype(column.dtype)
    if pd.api.types.is_extension_array_dtype(column.dtype):
        return found.astype("Float64")
    return found.astype(column.dtype) if pd.api.types.is_float_dtype(column) else found


def _as_held(values: Floats, column: pd.Series) -> Any:
    """The same without a series, for a frame with the column's index."""
    if not isinstance(column.dtype, np.dtype) or column.dtype.kind not in "iuf":
        return as_column(values, column)
    is_kept = column.dtype.kind == "f" or _has_room(column, values)
    return values.astype(column.dtype, copy=False) if is_kept else values


def _has_room(column: pd.Series, values: Floats) -> bool:
    """Whether the column's type of whole numbers can hold the values as they are."""
    bounds = np.iinfo(getattr(column.dtype, "numpy_dtype", column.dtype))
    is_inside = (values >= float(bounds.min)) & (values < float(bounds.max))
    return bool((is_inside & (values == np.round(values))).all())


def swapped(column: pd.Series, rows: Bools, drawn: Floats, facts: Facts) -> pd.Series:
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


def drawn_from(column: pd.Series, rows: Bools, drawn: Floats, facts: Facts) -> pd.Series:
    """The column with values drawn from the reference where it says so."""
    import pandas as pd

    if facts.kind == "numeric":
        values = column.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        if facts.quantiles is not None:
            grid = np.linspace(0, 1, len(facts.quantiles))
            values[rows] = fitted(np.interp(drawn, grid, facts.quantiles), facts, False)
        return as_column(values, column)
    if not facts.values or facts.shares is None:
        return column
    place = np.minimum(np.searchsorted(np.cumsum(facts.shares), drawn), len(facts.values) - 1)
    made: Any = column.astype(object).to_numpy(copy=True)
    made[rows] = np.array([*facts.values, None], dtype=object)[place]
    return pd.Series(made, index=column.index, name=column.name).astype(column.dtype)
