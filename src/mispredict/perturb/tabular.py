"""Changes of rows of a table: noise, missing values, other categories, shifts.

What is changed is a *cell*: `strength` is the share of a row's cells, at least one, or, where
the text says so, the size of the change. Spread and values are those of the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.perturb.cells import (
    Columns,
    cells,
    drawn_from,
    fitted,
    numbers,
    of_kind,
    swapped,
)
from mispredict.perturb.draws import Draws, Floats
from mispredict.perturb.reference import Facts, Reference
from mispredict.perturb.registry import perturbation

if TYPE_CHECKING:
    import pandas as pd


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
           age   income    plan
        0   27  21500.0   basic
        1   43  38750.0  family
        2   67  29602.0   basic
    """

    def moved(values: Floats, facts: Facts) -> Floats:
        return fitted(values + rng.normal() * strength * facts.deviation, facts, beyond)

    return numbers("noise", frame, columns, reference, moved)


@perturbation("shift", on="tabular", keeps_label=False)
def shift(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
    down: bool = False,
) -> pd.DataFrame:
    """Numbers all rise alike; strength is by how many of the column's deviations.

    Args:
        down: whether they fall.

    Example:
        >>> apply("shift", people, strength=0.5, columns=["income"]).after
           age   income    plan
        0   23  25021.0   basic
        1   45  42271.0  family
        2   67  33721.0   basic
    """

    def moved(values: Floats, facts: Facts) -> Floats:
        step = strength * facts.deviation * (-1 if down else 1)
        return fitted(values + step, facts, True)

    return numbers("shift", frame, columns, reference, moved)


@perturbation("scale", on="tabular", keeps_label=False)
def scale(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
    down: bool = False,
) -> pd.DataFrame:
    """Numbers all grow by the same share, which is the strength: prices after inflation.

    Args:
        down: whether they shrink.

    Example:
        >>> apply("scale", people, strength=0.1, columns=["income"]).after
           age   income    plan
        0   23  23650.0   basic
        1   45  42625.0  family
        2   67  33220.0   basic
    """

    def grown(values: Floats, facts: Facts) -> Floats:
        return fitted(values * (1 - strength if down else 1 + strength), facts, True)

    return numbers("scale", frame, columns, reference, grown)


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
            age   income   plan
        0   NaN  21500.0  basic
        1  45.0      NaN    NaN
        2  67.0  30200.0    NaN
    """
    names = tuple(reference.columns) if columns is None else tuple(columns)
    hit = cells(frame, names, strength, rng)
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
           age   income    plan
        0   23  21500.0  family
        1   45  38750.0   basic
        2   67  30200.0  family
    """
    names = tuple(
        name
        for name in of_kind("category_swap", "category", columns, reference)
        if len(reference.columns[name].values) > 1
    )
    hit = cells(frame, names, strength, rng)
    made = {}
    for place, name in enumerate(names):
        drawn = rng.random()
        rows = hit[:, place]
        if rows.any():
            made[name] = swapped(frame[name], rows, drawn[rows], reference.columns[name])
    return frame.assign(**made)


@perturbation("redraw", on="tabular", keeps_label=False)
def redraw(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
) -> pd.DataFrame:
    """Cells get the value of some other row, which breaks what columns have to do with each other.

    Example:
        >>> apply("redraw", people, strength=0.3).after
           age   income    plan
        0   23  21500.0   basic
        1   45  31333.0  family
        2   67  28733.0   basic
    """
    chosen = tuple(reference.columns) if columns is None else tuple(columns)
    kinds = ("numeric", "category")
    names = tuple(name for name in chosen if reference.columns[name].kind in kinds)
    hit = cells(frame, names, strength, rng)
    made = {}
    for place, name in enumerate(names):
        drawn, rows = rng.random(), hit[:, place]
        if rows.any():
            made[name] = drawn_from(frame[name], rows, drawn[rows], reference.columns[name])
    return frame.assign(**made)
