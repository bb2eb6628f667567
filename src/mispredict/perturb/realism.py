"""How well changed rows can be told from real ones, by a classifier that tries to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.metrics.learnable import learnable
from mispredict.perturb.reference import Reference

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
FOLDS = 5
_LETTERS = 2**15


@dataclass(frozen=True, slots=True)
class ToldApart:
    """ROC AUC of telling changed (or synthetic) rows from real ones; 0.5 is by luck.

    `realism` is 1 where they cannot be told apart and 0 where they always can.
    """

    auc: float
    low: float
    high: float
    n: int

    @property
    def realism(self) -> float:
        return float(np.clip(2 * (1 - self.auc), 0, 1))


def told_apart(
    real: pd.DataFrame, other: pd.DataFrame, reference: Reference, *, is_paired: bool, seed: int = 0
) -> ToldApart:
    """Cross-validated AUC of a classifier between two frames of the same columns.

    A classifier two-sample test (Lopez-Paz and Oquab 2017): logistic regression on runs of
    letters where there are texts, boosted trees on the rest.

    Args:
        real: rows as they are.
        other: as many changed, or synthetic, rows.
        reference: what is known of the columns.
        is_paired: whether row i of both is the same one; both are then in the same fold.
        seed: of the folds.
    """
    import pandas as pd
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    n = min(len(real), len(other))
    if n < 2 * FOLDS:
        return ToldApart(np.nan, np.nan, np.nan, n)
    shuffled = np.random.default_rng(seed).permutation(n)
    both = pd.concat([real.iloc[:n], other.iloc[:n]], ignore_index=True)
    truth = np.repeat([0, 1], n)
    second = shuffled if is_paired else np.random.default_rng(seed + 1).permutation(n)
    groups = np.r_[shuffled, second] % FOLDS
    matrix, has_texts = features(both, reference)
    scores = np.empty(2 * n)
    for train, test in GroupKFold(FOLDS).split(matrix, truth, groups):
        given = matrix[train] if has_texts else learnable(matrix[train])
        model = _classifier(has_texts, seed).fit(given, truth[train])
        scores[test] = model.predict_proba(matrix[test])[:, 1]
    auc = float(np.mean([_auc(roc_auc_score, truth, scores, groups, k) for k in range(FOLDS)]))
    error = _error(max(auc, 1 - auc), n)
    return ToldApart(auc, max(auc - 1.96 * error, 0.0), min(auc + 1.96 * error, 1.0), n)


def features(frame: pd.DataFrame, reference: Reference) -> tuple[Any, bool]:
    """The rows as numbers: texts by their letters, categories by code, and what is missing."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = [name for name in reference.named("text") if name in frame.columns]
    columns = [
        _numbers(frame[name], facts.kind == "numeric")
        for name, facts in reference.columns.items()
        if name in frame.columns and facts.kind in ("numeric", "category")
    ]
    if not texts:
        return (np.column_stack(columns) if columns else np.zeros((len(frame), 1))), False
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(1, 4), n_features=_LETTERS)
    parts = [letters.transform(frame[name].fillna("").astype(str)) for name in texts]
    if columns:
        rest = np.nan_to_num(np.column_stack(columns))
        spread = rest.std(axis=0)
        parts.append(csr_matrix((rest - rest.mean(axis=0)) / np.where(spread > 0, spread, 1)))
    return hstack(parts).tocsr(), True


def _numbers(column: pd.Series, is_numeric: bool) -> Floats:
    import pandas as pd

    if is_numeric:
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    codes, _ = pd.factorize(column.astype(object), sort=False)
    counts = np.bincount(codes[codes >= 0], minlength=1)
    rank = np.argsort(np.argsort(-counts, kind="stable"), kind="stable")
    return np.where(codes < 0, np.nan, rank[np.maximum(codes, 0)].astype(np.float64))


def _classifier(has_texts: bool, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if has_texts:
        return LogisticRegression(
            C=10, solver="liblinear", dual=True, max_iter=1_000, random_state=seed
        )
    return HistGradientBoostingClassifier(max_iter=60, random_state=seed)


def _auc(score: Any, truth: Any, scores: Floats, groups: Any, fold: int) -> float:
    mine = groups == fold
    return float(score(truth[mine], scores[mine]))


def _error(auc: float, n: int) -> float:
    """Standard error of an AUC over n rows of each side (Hanley and McNeil 1982)."""
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (n - 1) * (q1 - auc * auc) + (n - 1) * (q2 - auc * auc)
    return float(np.sqrt(max(variance, 0) / (n * n)))
