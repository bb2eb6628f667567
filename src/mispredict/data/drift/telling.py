"""Whether a classifier can tell current rows from reference ones: texts, vectors, whole rows.

A classifier two-sample test (Lopez-Paz & Oquab 2017): fitted on some rows and asked about
others, its ROC AUC is ½ where both sides are alike. The AUC of each fold has DeLong's variance;
their mean is the effect. It sees changes of how values go together, which no column shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.schema import ColumnType
from mispredict.data.drift.counting import Named
from mispredict.data.drift.effect import Effect
from mispredict.data.drift.sides import Side, SideTable
from mispredict.metrics.learnable import learnable

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

FEWEST = 50  # rows of each side
MOST_TEXTS = 4_000
MOST_ROWS = 10_000
FOLDS = 5
EVERYTHING = "(all inputs)"
_WORDS = 2**15


@dataclass(frozen=True, eq=False)
class Told:
    """The AUC of telling the sides apart, on how many rows, and words that give them away."""

    effect: Effect
    reference_n: int
    current_n: int
    words: tuple[str, ...] = ()


def tell_column(
    column: Named, kind: ColumnType, reference: Side, current: Side, *, bound: float, level: float,
    seed: int,
) -> Told | None:  # fmt: skip
    """How well texts or vectors of one side are told from the other's; None with too few."""
    most = MOST_TEXTS if kind is ColumnType.TEXT else MOST_ROWS
    mine, theirs = (
        _sample(side, column, most, seed + place) for place, side in enumerate((reference, current))
    )
    if min(len(mine), len(theirs)) < FEWEST:
        return None
    values = [
        side.table.take(column.name, rows, column.is_input)
        for side, rows in ((reference, mine), (current, theirs))
    ]
    is_current = np.repeat([False, True], [len(mine), len(theirs)])
    if kind is ColumnType.TEXT:
        texts = [text for part in values for text in part.to_pylist()]
        words, fit = _telltale(texts, is_current), _text_model
        effect = auc_effect(texts, is_current, fit, bound=bound, level=level, seed=seed)
        return Told(effect, len(mine), len(theirs), words)
    vectors = [_vectors(part) for part in values]
    if vectors[0].shape[1] != vectors[1].shape[1]:
        return None
    points = np.concatenate(vectors)
    effect = auc_effect(points, is_current, _vector_model, bound=bound, level=level, seed=seed)
    return Told(effect, len(mine), len(theirs))


def tell_rows(
    columns: list[Named], reference: Side, current: Side, *, bound: float, level: float, seed: int
) -> Told | None:
    """How well whole rows, by all their coded columns, are told from the other side's."""
    picked = [
        _rows(side, MOST_ROWS, seed + place) for place, side in enumerate((reference, current))
    ]
    if min(map(len, picked)) < FEWEST or not columns:
        return None
    blocks = [_numbers(column, reference, current, picked) for column in columns]
    points = np.column_stack([block for block, _ in blocks])
    named = [is_named for _, is_named in blocks]
    is_current = np.repeat([False, True], [len(rows) for rows in picked])
    effect = auc_effect(
        points, is_current, lambda: _tree_model(named), bound=bound, level=level, seed=seed
    )
    return Told(effect, len(picked[0]), len(picked[1]))


def auc_effect(
    rows: Any, is_current: npt.NDArray[np.bool_], make: Callable[[], Any], *, bound: float,
    level: float, seed: int,
) -> Effect:  # fmt: skip
    """The out-of-sample AUC, its interval, and the p-value of an AUC within the bound."""
    from scipy.special import ndtr

    from mispredict.metrics.intervals import z_of

    fold = np.random.default_rng(seed).permutation(len(is_current)) % FOLDS
    aucs, variances = [], []
    for place in range(FOLDS):
        held = fold == place
        given = _take(rows, ~held)
        given = learnable(given) if isinstance(given, np.ndarray) else given
        model = make().fit(given, is_current[~held])
        scores = model.predict_proba(_take(rows, held))[:, 1]
        auc, variance = delong(scores[is_current[held]], scores[~is_current[held]])
        aucs.append(auc)
        variances.append(variance)
    value = float(np.mean(aucs))
    error = max(float(np.sqrt(np.sum(variances))) / FOLDS, 1e-9)
    half = z_of(level) * error
    p = float(ndtr(-(value - bound) / error))
    return Effect(value, max(value - half, 0.0), min(value + half, 1.0), p)


def delong(positive: Floats, negative: Floats) -> tuple[float, float]:
    """ROC AUC with ties halved, and its variance (DeLong et al. 1988)."""
    from scipy.stats import rankdata

    m, n = len(positive), len(negative)
    together = rankdata(np.concatenate([positive, negative]))
    above = (together[:m] - rankdata(positive)) / n
    below = 1 - (together[m:] - rankdata(negative)) / m
    auc = float(above.mean())
    if min(m, n) < 2:
        return auc, 0.25
    return auc, float(above.var(ddof=1) / m + below.var(ddof=1) / n)


def _take(rows: Any, chosen: npt.NDArray[np.bool_]) -> Any:
    if isinstance(rows, np.ndarray):
        return rows[chosen]
    return [rows[place] for place in np.flatnonzero(chosen).tolist()]


def _text_model() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = HashingVectorizer(n_features=_WORDS, ngram_range=(1, 2), alternate_sign=False)
    return make_pipeline(words, LogisticRegression(C=10.0, max_iter=300))


def _vector_model() -> Any:
    """Linear in the numbers and their squares: sees shifts and changes of spread."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return make_pipeline(
        StandardScaler(),
        FunctionTransformer(_with_squares),
        LogisticRegression(C=0.1, max_iter=300),
    )


def _with_squares(values: Floats) -> Floats:
    found: Floats = np.hstack([values, values**2])
    return found


def _tree_model(named: list[bool]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=60, max_leaf_nodes=15, min_samples_leaf=30, categorical_features=named,
        early_stopping=False, random_state=0,
    )  # fmt: skip


def _telltale(texts: list[str], is_current: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    """The words whose share of texts rose most."""
    from sklearn.feature_extraction.text import CountVectorizer

    try:
        counter = CountVectorizer(binary=True, min_df=max(3, len(texts) // 200), max_features=5_000)
        found = counter.fit_transform(texts)
    except ValueError:  # no word is in enough texts
        return ()
    rise = np.asarray(found[is_current].mean(axis=0) - found[~is_current].mean(axis=0)).ravel()
    names = counter.get_feature_names_out()
    return tuple(str(names[place]) for place in np.argsort(-rise)[:3] if rise[place] > 0.01)


def _sample(side: Side, column: Named, most: int, seed: int) -> Rows:
    """Numbers of rows that have a value, at most so many, in their order."""
    known = ~np.asarray(side.table.column(column.name, column.is_input).is_null())
    return _some(np.flatnonzero(side.selected & known), most, seed)


def _rows(side: Side, most: int, seed: int) -> Rows:
    return _some(np.flatnonzero(side.selected), most, seed)


def _some(rows: Rows, most: int, seed: int) -> Rows:
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _vectors(values: Any) -> Floats:
    flat = np.asarray(values.flatten(), dtype=np.float64)
    found: Floats = np.nan_to_num(flat.reshape(len(values), -1))
    return found


def _numbers(
    column: Named, reference: Side, current: Side, picked: list[Rows]
) -> tuple[Floats, bool]:
    """The column of the picked rows of both sides as numbers; whether these are names."""
    kind = reference.table.kind(column.name, column.is_input)
    if kind is not ColumnType.CATEGORICAL:
        parts = [
            side.table.values(column.name, column.is_input)[rows]
            for side, rows in zip((reference, current), picked, strict=True)
        ]
        return np.concatenate(parts), False
    return _names(column, (reference.table, current.table), picked), True


def _names(column: Named, tables: tuple[SideTable, SideTable], picked: list[Rows]) -> Floats:
    """Values as places among the 60 most frequent ones; NaN where missing."""
    import pandas as pd

    parts = [
        pd.Series(table.take(column.name, rows, column.is_input).to_pandas())
        for table, rows in zip(tables, picked, strict=True)
    ]
    values = pd.concat(parts, ignore_index=True)
    frequent = values.value_counts().index[:60]
    places: Floats = frequent.get_indexer(values).astype(np.float64)
    places[places < 0] = 60
    places[values.isna().to_numpy()] = np.nan
    return places
