"""Sampled attributions kept by the content of rows, so that equal rows are explained once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.explain.attributions import Batch, Explainer
from mispredict.explain.tokens import MOST_PLAYERS, TokenExplainer, find_tokens
from mispredict.models.caching import row_keys
from mispredict.models.protocol import Answer

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.models.caching import AnswerCache

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def explain_new(
    explainer: Explainer, rows: pd.DataFrame, targets: Codes, pages: AnswerCache
) -> Batch:
    """Attributions of the rows, of which only those that are not kept are explained."""
    keys = row_keys(rows)
    keys[:, 1] += targets.astype(np.uint64)  # a row is explained for one class at a time
    found, answer = pages.find(keys)
    new = np.setdiff1d(np.arange(len(rows)), found, assume_unique=True)
    kept = None if answer is None else answer.probabilities
    if not len(new) and kept is not None:
        return _batch(explainer, rows, kept)
    fresh = explainer.explain(rows.iloc[new].reset_index(drop=True), targets[new])
    packed = _packed(explainer, fresh)
    done = np.isfinite(fresh.output) & np.isfinite(fresh.values).any(axis=1)
    if done.any():
        pages.add(keys[new[done]], Answer(probabilities=packed[done]))
    if kept is None:
        return fresh
    every = np.empty((len(rows), packed.shape[1]))
    every[found], every[new] = kept, packed
    return _batch(explainer, rows, every)


def _packed(explainer: Explainer, batch: Batch) -> Floats:
    """Base, output, and per player its attribution beside its error, as one matrix."""
    most = MOST_PLAYERS if isinstance(explainer, TokenExplainer) else batch.values.shape[1]
    errors = np.full_like(batch.values, np.nan) if batch.errors is None else batch.errors
    pairs = np.full((len(errors), most, 2), np.nan)
    pairs[:, : errors.shape[1]] = np.stack([batch.values, errors], axis=2)
    return np.column_stack([batch.base, batch.output, pairs.reshape(len(errors), -1)])


def _batch(explainer: Explainer, rows: pd.DataFrame, packed: Floats) -> Batch:
    values = packed[:, 2::2]
    errors = None if explainer.is_exact else packed[:, 3::2]
    tokens = None
    if isinstance(explainer, TokenExplainer):
        tokens = tuple(find_tokens(text) for text in rows[explainer.column])
    return Batch(values, packed[:, 0], packed[:, 1], errors, tokens)
