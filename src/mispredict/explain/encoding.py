"""From the columns that a pipeline is given to those that its last step sees, and back.

Attributions of encoded columns are summed over the input column that they were made of. For
scikit-learn's own steps that is read from the fitted steps; of a step that is not known, each
input column is shuffled and what moves was made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Origins = npt.NDArray[np.int64]  # the input column of each column; NONE, or MIXED of several

NONE, MIXED = -1, -2


@dataclass(frozen=True, eq=False)
class Encoding:
    """What a pipeline does before its last step, and the input column of each column it makes."""

    encode: Callable[[Any], Any]
    origins: Origins


def encoding_of(steps: list[Any], sample: Any, n_columns: int) -> Encoding:
    """The encoding by fitted steps, one after another.

    Args:
        steps: transformers.
        sample: rows as the first of them is given them, to look at what unknown steps do.
        n_columns: of the sample.
    """
    origins, rows = np.arange(n_columns), sample
    for step in steps:
        after = _transformed(step, rows)
        origins = _through(step, rows, after, origins)
        rows = after

    def encode(given: Any) -> Any:
        for step in steps:
            given = _transformed(step, given)
        return given

    return Encoding(encode, origins)


def _transformed(step: Any, rows: Any) -> Any:
    return rows if step is None or step == "passthrough" else step.transform(rows)


def _through(step: Any, before: Any, after: Any, origins: Origins) -> Origins:
    """The origins of what a step makes of columns with these origins."""
    if step is None or step == "passthrough":
        return origins
    width = _width(after)
    if len(origins) and (origins == origins[0]).all():  # whatever it makes is of one column
        return np.full(width, origins[0])
    found = _known(step, before, origins)
    if found is not None and len(found) == width:
        return found
    return _shuffled(step, before, after, origins)


def _known(step: Any, before: Any, origins: Origins) -> Origins | None:
    """The origins as the fitted step says them; None where it does not."""
    from sklearn.base import OneToOneFeatureMixin
    from sklearn.feature_selection import SelectorMixin

    kind = type(step).__name__
    if kind == "Pipeline":
        return encoding_of_steps(step, before, origins)
    if kind == "ColumnTransformer":
        return _of_columns(step, before, origins)
    if kind == "OneHotEncoder":
        return np.asarray(np.repeat(origins, step._n_features_outs), dtype=np.int64)
    if kind == "SimpleImputer":
        return _of_imputer(step, origins)
    if kind == "PolynomialFeatures":
        return np.array([_joined(origins[power > 0]) for power in step.powers_], dtype=np.int64)
    if kind == "DictVectorizer":
        return None
    if isinstance(step, SelectorMixin):
        return np.asarray(origins[step.get_support(indices=True)])
    return origins if isinstance(step, OneToOneFeatureMixin) else None


def encoding_of_steps(pipeline: Any, before: Any, origins: Origins) -> Origins:
    """The origins of what a pipeline of transformers makes."""
    rows = before
    for _, step in pipeline.steps:
        after = _transformed(step, rows)
        origins = _through(step, rows, after, origins)
        rows = after
    return origins


def _of_columns(step: Any, before: Any, origins: Origins) -> Origins | None:
    places = getattr(step, "_transformer_to_input_indices", None)
    if places is None:
        return None
    out = np.full(max(part.stop for part in step.output_indices_.values()), NONE)
    for name, inner, columns in step.transformers_:
        made = step.output_indices_[name]
        if made.start == made.stop:
            continue
        own = origins[np.asarray(places[name], dtype=np.int64)]
        rows = _columns(before, columns, places[name])
        after = _transformed(inner, rows)
        out[made] = _through(inner, rows, after, own)
    return out


def _columns(rows: Any, columns: Any, places: Any) -> Any:
    """The columns in the form that the inner step is given them; one name alone is a vector."""
    if hasattr(rows, "iloc"):
        is_one = isinstance(columns, (str, int)) and not isinstance(columns, bool)
        return rows.iloc[:, int(places[0])] if is_one else rows.iloc[:, list(places)]
    return rows[:, list(places)]


def _of_imputer(step: Any, origins: Origins) -> Origins | None:
    import pandas as pd

    kept = ~pd.isna(np.asarray(step.statistics_, dtype=object))
    own = origins if getattr(step, "keep_empty_features", False) else origins[kept]
    if step.indicator_ is None:
        return own
    return np.concatenate([own, origins[step.indicator_.features_]])


def _shuffled(step: Any, before: Any, after: Any, origins: Origins) -> Origins:
    """The origins by experiment: what moves when the rows of one column are moved."""
    width = _width(after)
    out = np.full(width, NONE)
    for column, origin in enumerate(origins.tolist()):
        moved = _transformed(step, _moved(before, column))
        for at in np.flatnonzero(_differs(after, moved)):
            out[at] = origin if out[at] in (NONE, origin) else MIXED
    return out


def _moved(rows: Any, column: int) -> Any:
    n = rows.shape[0]
    order = np.roll(np.arange(n), max(n // 2, 1))
    if hasattr(rows, "iloc"):
        moved = rows.copy()
        moved[moved.columns[column]] = rows.iloc[order, column].to_numpy()
        for name, kind in rows.dtypes.items():
            moved[name] = moved[name].astype(kind)
        return moved
    moved = rows.copy()
    if hasattr(moved, "tolil"):
        moved = moved.tolil()
    moved[:, column] = rows[order][:, column]
    return moved.tocsr() if hasattr(moved, "tocsr") else moved


def _differs(one: Any, other: Any) -> npt.NDArray[np.bool_]:
    """Which columns differ in any row."""
    import pandas as pd

    if hasattr(one, "tocsc"):
        return np.asarray(abs(one - other).sum(axis=0)).ravel() > 0
    first, second = (np.asarray(part, dtype=object) for part in (one, other))
    is_same = (first == second) | (pd.isna(first) & pd.isna(second))
    return np.asarray(~is_same.astype(bool).all(axis=0))


def _joined(origins: Origins) -> int:
    found = np.unique(origins)
    if len(found) == 0:
        return NONE
    return int(found[0]) if len(found) == 1 else MIXED


def _width(rows: Any) -> int:
    return int(rows.shape[1]) if len(rows.shape) > 1 else 1
