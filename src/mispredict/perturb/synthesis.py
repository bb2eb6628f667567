"""Rows made up from a table: like its rows, but none of them.

Trees, column after column (Reiter 2005; the R package synthpop, Nowok, Raab and Dibben 2016),
or a Gaussian copula; or a synthesizer of another library.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadDataset, BadOption
from mispredict.core.options import shown, whole
from mispredict.core.words import counted
from mispredict.perturb.reference import Facts, Reference

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
LEAST = 50  # rows to learn from
METHODS = ("trees", "copula")
_LEAF = 10  # rows behind each value that is drawn, at least
_MOST_CLASSES = 50


@runtime_checkable
class Synthesizer(Protocol):
    """What makes rows: `fit` on a frame, then `sample` some."""

    def fit(self, frame: Any) -> Any:
        """Learn from the rows."""

    def sample(self, n: int) -> Any:
        """So many new rows, in the same columns."""


def synthesise(
    frame: pd.DataFrame, n: int, *, method: Any = "trees", seed: int = 0, reference: Reference
) -> pd.DataFrame:
    """New rows with the frame's columns, types and kinds of values.

    Args:
        frame: rows to learn from, 50 or more; numbers, categories and missing values.
        n: how many to make.
        method: "trees" (each column from the ones before it), "copula" (marginals and rank
            correlations), or an object with `fit(frame)` and `sample(n)`.
        seed: of the draws.
        reference: what is known of the columns.

    Raises:
        BadDataset: there are too few rows.
        BadOption: no such method, or one that gave something else.
    """
    whole("n", n, 1)
    if len(frame) < LEAST:
        raise BadDataset(
            f"{counted(len(frame), 'row is', 'rows are')} too few to learn from.",
            known=f"{LEAST} are needed, or rows would be copied more than made up.",
            hint="a wider cohort, or ev.perturb to change the rows there are",
        )
    if isinstance(method, str):
        if method not in METHODS:
            raise BadOption.choice("method", method, METHODS)
        rng = np.random.default_rng(seed)
        coded = Coded.of(frame, reference)
        drawn = _trees(coded, n, rng) if method == "trees" else _copula(coded, n, rng)
        return coded.decoded(drawn, frame)
    return _by_other(method, frame, n)


class Coded:
    """Columns as numbers: categories by frequency, missing values as NaN."""

    def __init__(self, names: Sequence[str], facts: Sequence[Facts], matrix: Floats) -> None:
        self.names, self.facts, self.matrix = tuple(names), tuple(facts), matrix

    @classmethod
    def of(cls, frame: pd.DataFrame, reference: Reference) -> Coded:
        names = [
            name
            for name in map(str, frame.columns)
            if reference.columns[name].kind in ("numeric", "category")
        ]
        if not names:
            raise BadDataset(
                "no column can be made up.",
                known="Numbers and categories can; texts, lists and files cannot.",
                hint="columns=['a number']",
            )
        facts = [reference.columns[name] for name in names]
        columns = [_coded(frame[name], fact) for name, fact in zip(names, facts, strict=True)]
        return cls(names, facts, np.column_stack(columns))

    def decoded(self, drawn: Floats, like: pd.DataFrame) -> pd.DataFrame:
        """The numbers as values of the columns."""
        import pandas as pd

        made = {
            name: _decoded(drawn[:, place], fact, like[name])
            for place, (name, fact) in enumerate(zip(self.names, self.facts, strict=True))
        }
        return pd.DataFrame(made)

    def is_category(self, place: int) -> bool:
        return self.facts[place].kind == "category"


def _coded(column: pd.Series, facts: Facts) -> Floats:
    if facts.kind == "numeric":
        values: Floats = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return values
    places = {value: float(place) for place, value in enumerate(facts.values)}
    return np.array([places.get(value, np.nan) for value in column.tolist()])


def _decoded(values: Floats, facts: Facts, like: pd.Series) -> pd.Series:
    import pandas as pd

    from mispredict.perturb.cells import as_column, fitted

    if facts.kind == "numeric":
        # a new index: the rows made are not those of the frame
        empty = pd.Series(np.zeros(len(values)), name=like.name).astype(like.dtype)
        return as_column(fitted(values, facts, False), empty)
    pool = np.array([*facts.values, None], dtype=object)
    codes = np.where(np.isnan(values), len(facts.values), values).astype(np.int64)
    found = pd.Series(pool[codes], name=like.name, dtype=object)
    has_no_room = pd.api.types.is_bool_dtype(like) and bool(np.isnan(values).any())
    return found if has_no_room else found.astype(like.dtype)


def _trees(of: Coded, n: int, rng: np.random.Generator) -> Floats:
    """Each column drawn from the rows of the leaf that the columns before it lead to."""
    drawn = np.empty((n, len(of.names)))
    for place in range(len(of.names)):
        target = of.matrix[:, place]
        if place == 0 or not np.isfinite(target).any():
            drawn[:, place] = _smoothed(target[rng.integers(len(target), size=n)], of, place, rng)
            continue
        tree = _tree(of, place, target, int(rng.integers(2**31)))
        leaves = tree.apply(of.matrix[:, :place].astype(np.float32))
        wanted = tree.apply(drawn[:, :place].astype(np.float32))
        values = target[_donors(leaves, wanted, rng)]
        drawn[:, place] = _smoothed(values, of, place, rng)
    return drawn


def _tree(of: Coded, place: int, target: Floats, seed: int) -> Any:
    """A tree that predicts the column, or that it is missing, from the ones before it."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    before = of.matrix[:, :place].astype(np.float32)
    options = {"min_samples_leaf": _LEAF, "random_state": seed}
    is_class = of.is_category(place) and len(of.facts[place].values) <= _MOST_CLASSES
    if is_class:
        codes = np.where(np.isnan(target), -1, target).astype(np.int64)
        return DecisionTreeClassifier(**options).fit(before, codes)
    # missing values are one more value, below all others, so that trees part them too
    low, spread = np.nanmin(target), np.nanstd(target)
    filled = np.where(np.isnan(target), low - spread, target)
    return DecisionTreeRegressor(**options).fit(before, filled)


def _donors(leaves: Any, wanted: Any, rng: np.random.Generator) -> Any:
    """For each wanted leaf, a row that is in it, by chance."""
    order = np.argsort(leaves, kind="stable")
    ordered = leaves[order]
    first = np.searchsorted(ordered, wanted, side="left")
    last = np.searchsorted(ordered, wanted, side="right")
    return order[first + (rng.random(len(wanted)) * (last - first)).astype(np.int64)]


def _smoothed(values: Floats, of: Coded, place: int, rng: np.random.Generator) -> Floats:
    """Numbers moved by as much as values are apart there, so that they are not copies.

    Values that many rows share, such as 0, are left: moving them would make what never occurs.
    """
    facts = of.facts[place]
    if facts.kind != "numeric":
        return values
    known = of.matrix[:, place]
    known = np.sort(known[np.isfinite(known)])
    if not len(known):
        return values
    unique, counts = np.unique(known, return_counts=True)
    if len(unique) < 20:
        return values
    at = np.clip(np.searchsorted(unique, values), 0, len(unique) - 1)
    is_common = counts[at] > max(5, len(known) / 100)
    rank = np.searchsorted(known, values)
    width = max(1, len(known) // 100)
    low = known[np.clip(rank - width, 0, len(known) - 1)]
    high = known[np.clip(rank + width, 0, len(known) - 1)]
    moved = values + rng.normal(size=len(values)) * (high - low) / 4
    kept = is_common | np.isnan(values)
    found: Floats = np.where(kept, values, np.clip(moved, known[0], known[-1]))
    return found


def _copula(of: Coded, n: int, rng: np.random.Generator) -> Floats:
    """Normal scores with the columns' rank correlations, brought back to the marginals.

    Categories count as ordered by frequency, which keeps little of what they have to do with
    other columns. Whether a value is missing is a column of its own.
    """
    from scipy.special import ndtr, ndtri

    gone = np.isnan(of.matrix)
    partly = np.flatnonzero(gone.any(axis=0) & ~gone.all(axis=0))
    scores = [ndtri(_scores(column, rng)) for column in of.matrix.T]
    scores += [ndtri(_scores(gone[:, place].astype(np.float64), rng)) for place in partly]
    root = _root(np.column_stack(scores))
    uniform = ndtr(rng.normal(size=(n, root.shape[1])) @ root.T)
    drawn = np.empty((n, len(of.names)))
    for place in range(len(of.names)):
        known = np.sort(of.matrix[~gone[:, place], place])
        if not len(known):
            drawn[:, place] = np.nan
            continue
        at = np.clip((uniform[:, place] * len(known)).astype(np.int64), 0, len(known) - 1)
        drawn[:, place] = _smoothed(known[at], of, place, rng)
    for number, place in enumerate(partly.tolist()):
        share = gone[:, place].mean()
        drawn[uniform[:, len(of.names) + number] > 1 - share, place] = np.nan
    return drawn


def _root(scores: Floats) -> Floats:
    """A root of the correlations, each over the rows in which both columns are known."""
    import pandas as pd

    correlation = pd.DataFrame(scores).corr().to_numpy(copy=True)
    correlation = np.nan_to_num(correlation, nan=0.0)
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0))
    found: Floats = root / np.sqrt((root**2).sum(axis=1, keepdims=True))
    return found


def _scores(column: Floats, rng: np.random.Generator) -> Floats:
    """Ranks between 0 and 1 of the known values; ties are broken by chance."""
    known = np.flatnonzero(~np.isnan(column))
    order = known[np.lexsort((rng.random(len(known)), column[known]))]
    ranks = np.full(len(column), np.nan)
    ranks[order] = (np.arange(len(known)) + 0.5) / max(len(known), 1)
    return ranks


def _by_other(method: Any, frame: pd.DataFrame, n: int) -> pd.DataFrame:
    """Rows of somebody else's synthesizer."""
    import pandas as pd

    if not isinstance(method, Synthesizer):
        raise BadOption(
            f"method={shown(method)} cannot be used.",
            known=f"It is {' or '.join(map(repr, METHODS))}, or has fit(frame) and sample(n).",
            hint="method='trees'",
        )
    method.fit(frame)
    made = method.sample(n)
    if not isinstance(made, pd.DataFrame) or set(frame.columns) - set(made.columns):
        raise BadOption(
            f"the synthesizer gave {type(made).__name__} without all columns of the rows.",
            known=f"They are {', '.join(map(repr, list(frame.columns)[:8]))}.",
            hint="a sample(n) that gives a frame like the one that fit was given",
        )
    return made[list(frame.columns)].reset_index(drop=True)
