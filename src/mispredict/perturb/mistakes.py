"""Mistakes that people and machines make when they enter rows.

`strength` is the share of a row's cells that can have the mistake, at least one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.options import number
from mispredict.perturb.cells import Change, Columns, cells, fitted, numbers, of_kind
from mispredict.perturb.draws import Draws, Floats
from mispredict.perturb.reference import Facts, Reference
from mispredict.perturb.registry import perturbation

if TYPE_CHECKING:
    import pandas as pd

_FACTORS = (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)


@perturbation("unit_error", on="tabular", keeps_label=True)
def unit_error(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
    factor: float | None = None,
) -> pd.DataFrame:
    """Numbers are given in another unit: ten, a hundred or a thousand times too much or little.

    Args:
        factor: of the unit, such as 2.54 for inches read as centimetres.

    Example:
        >>> apply("unit_error", people, strength=0.3).after
               age    income    plan
        0  23000.0  21500.00   basic
        1     45.0     38.75  family
        2      6.7   3020.00   basic
    """
    if factor is not None:
        number("factor", factor, 0, is_above=True)
    factors = np.array(_FACTORS if factor is None else (factor,))

    def mistaken(values: Floats, facts: Facts) -> Floats:
        with np.errstate(over="ignore"):  # infinite is what a huge number in a huge unit becomes
            found: Floats = values * factors[rng.integers(len(factors))]
        return found

    return _hit("unit_error", frame, strength, rng, columns, reference, mistaken)


@perturbation("sign_flip", on="tabular", keeps_label=True)
def sign_flip(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
) -> pd.DataFrame:
    """Numbers get the other sign.

    Example:
        >>> apply("sign_flip", people, strength=0.3).after
           age   income    plan
        0   23 -21500.0   basic
        1  -45  38750.0  family
        2  -67 -30200.0   basic
    """
    return _hit("sign_flip", frame, strength, rng, columns, reference, lambda v, facts: -v)


@perturbation("outlier", on="tabular", keeps_label=True)
def outlier(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
    deviations: float = 5.0,
) -> pd.DataFrame:
    """Numbers become extreme: some deviations beyond the largest or smallest of the data.

    Args:
        deviations: how far beyond.

    Example:
        >>> apply("outlier", people, strength=0.3).after
           age   income    plan
        0   23 -13712.0   basic
        1   45 -13712.0  family
        2   67  73962.0   basic
    """
    number("deviations", deviations, 0, is_above=True)

    def extreme(values: Floats, facts: Facts) -> Floats:
        far = deviations * facts.deviation
        found = np.where(rng.random() < 0.5, facts.low - far, facts.high + far)
        return fitted(found, facts, True)

    return _hit("outlier", frame, strength, rng, columns, reference, extreme)


@perturbation("rounding", on="tabular", keeps_label=True)
def rounding(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
    digits: int = 1,
) -> pd.DataFrame:
    """Numbers are given with few significant digits, as by memory: 38,750 as 40,000.

    Args:
        digits: how many.

    Example:
        >>> apply("rounding", people, strength=0.5).after
           age   income    plan
        0   20  21500.0   basic
        1   40  40000.0  family
        2   70  30200.0   basic
    """

    def rounded(values: Floats, facts: Facts) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.floor(np.log10(np.abs(values)))
        place = 10.0 ** (np.where(np.isfinite(size), size, 0) - (digits - 1))
        return np.round(values / place) * place

    return _hit("rounding", frame, strength, rng, columns, reference, rounded)


@perturbation("category_typo", on="tabular", keeps_label=True)
def category_typo(
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    *,
    columns: Columns = None,
    reference: Reference,
) -> pd.DataFrame:
    """Categories in words are misspelt, capitalised or padded, so that none of the data is met.

    Example:
        >>> apply("category_typo", people, strength=0.5, seed=9).after
           age   income    plan
        0   23  21500.0   bsaic
        1   45  38750.0  famliy
        2   67  30200.0   BASIC
    """
    import pandas as pd

    chosen = of_kind("category_typo", "category", columns, reference)
    names = tuple(
        name
        for name in chosen
        if any(isinstance(value, str) for value in reference.columns[name].values)
    )
    if not names:
        raise BadOption(
            "perturbation 'category_typo' changes words, and no category is a word.",
            known=f"Categories: {', '.join(chosen[:8])}.",
            hint="'category_swap'",
        )
    hit = cells(frame, names, strength, rng)
    made = {}
    for place, name in enumerate(names):
        kind, drawn = rng.integers(4), rng.random()
        values = frame[name].astype(object).to_numpy(copy=True)
        for row in np.flatnonzero(hit[:, place]).tolist():
            if isinstance(values[row], str):
                values[row] = _misspelt(values[row], int(kind[row]), float(drawn[row]))
        is_category = isinstance(frame[name].dtype, pd.CategoricalDtype)
        dtype = object if is_category else frame[name].dtype
        made[name] = pd.Series(values, index=frame.index, dtype=dtype)
    return frame.assign(**made)


def _hit(
    name: str,
    frame: pd.DataFrame,
    strength: float,
    rng: Draws,
    columns: Columns,
    reference: Reference,
    change: Change,
) -> pd.DataFrame:
    """The frame with the share of its numeric cells changed."""
    names = of_kind(name, "numeric", columns, reference)
    hit = cells(frame, names, strength, rng)
    return numbers(name, frame, columns, reference, change, hit=hit)


def _misspelt(word: str, kind: int, drawn: float) -> str:
    """The word swapped, without a letter, in the other case, or with a space after it."""
    if kind == 3 or len(word) < 3:
        return f"{word} "
    if kind == 2:
        return word.upper() if word.upper() != word else word.lower()
    at = 1 + int(drawn * (len(word) - 2))
    if kind == 1:
        return word[:at] + word[at + 1 :]
    made = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return made if made != word else f"{word} "
