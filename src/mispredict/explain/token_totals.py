"""Tokens over many texts: how much each moves the model, as a matrix of texts and tokens."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mispredict.explain.explained import Explained
from mispredict.explain.importance import Importance, Mean, mean_of, ranked
from mispredict.explain.mispredictive import Sparse

Floats = npt.NDArray[np.float64]

LEAST_ROWS = 5  # that have a token for which it is named
MOST = 5_000  # tokens, the most frequent ones


def token_columns(explained: Explained, *, least: int = LEAST_ROWS, most: int = MOST) -> Sparse:
    """Attributions of tokens in lower case, summed over a row, as a column per token."""
    from scipy import sparse

    assert explained.tokens is not None
    words: dict[str, int] = {}
    row, column, value = [], [], []
    for at, (own, weights) in enumerate(zip(explained.tokens, explained.weights, strict=True)):
        for token, weight in zip(own, weights.tolist(), strict=True):
            if np.isfinite(weight):
                row.append(at)
                column.append(words.setdefault(token.text.lower(), len(words)))
                value.append(weight)
    shape = (len(explained), max(len(words), 1))
    matrix = sparse.csr_matrix((value, (row, column)), shape=shape)
    matrix.sum_duplicates()
    counts = matrix.getnnz(axis=0)
    kept = np.flatnonzero(counts >= least)
    kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")[:most]])
    names = list(words)
    return Sparse([names[at] for at in kept.tolist()], matrix.tocsc()[:, kept])


def token_importances(inside: Sparse, rest: Sparse | None = None) -> tuple[Importance, ...]:
    """The importance of every token, rows without it as 0; beside that of the rest."""
    places = {} if rest is None else {name: at for at, name in enumerate(rest.names)}
    found, counts, total = [], [], inside.matrix.shape[0]
    for at, name in enumerate(inside.names):
        own = _values(inside, at)
        other = None
        if rest is not None:
            outside = _values(rest, places[name]) if name in places else np.zeros(0)
            other = _mean(outside, rest.matrix.shape[0])
        found.append((name, _mean(own, total), float(own.sum()) / max(total, 1), other))
        counts.append(len(own))
    return ranked(found, counts)


def _values(columns: Sparse, place: int) -> Floats:
    """The attributions of a token in the rows that have it."""
    ends = columns.matrix.indptr
    return np.asarray(columns.matrix.data[ends[place] : ends[place + 1]])


def _mean(values: Floats, total: int) -> Mean:
    return mean_of(np.abs(values), zeros=total - len(values))
