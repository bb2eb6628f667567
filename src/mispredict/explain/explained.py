"""Attributions of many rows, column by column, as everything about them is computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mispredict.explain.attributions import Batch, Token

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Explained:
    """Attributions of rows; those of a feature are read when they are asked for.

    `rows` are numbers of rows of the evaluation. `read` and `error` give the attributions of a
    feature and the half-widths of their intervals, (n,), in the order of `rows`. With `tokens`,
    features are what rows have, `weights` the attributions of each row's tokens.
    """

    rows: Codes
    features: tuple[str, ...]
    base: Floats
    output: Floats
    read: Callable[[str], Floats]
    error: Callable[[str], Floats] | None = None
    tokens: tuple[tuple[Token, ...], ...] | None = None
    weights: tuple[Floats, ...] = ()
    halves: tuple[Floats, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Rows that have attributions: the model answered for them."""
        return np.isfinite(self.output)


def of_batch(rows: Codes, features: tuple[str, ...], batch: Batch) -> Explained:
    """What a batch says of the rows of these numbers."""
    if batch.tokens is not None:
        counts = [len(own) for own in batch.tokens]
        errors = batch.errors if batch.errors is not None else np.full_like(batch.values, np.nan)
        return Explained(
            rows, (), batch.base, batch.output, _none, None, batch.tokens,
            tuple(values[:count] for values, count in zip(batch.values, counts, strict=True)),
            tuple(values[:count] for values, count in zip(errors, counts, strict=True)),
        )  # fmt: skip
    place = {name: at for at, name in enumerate(features)}
    errors_of = None
    if batch.errors is not None:
        half = batch.errors

        def errors_of(name: str) -> Floats:
            return np.asarray(half[:, place[name]])

    return Explained(
        rows, features, batch.base, batch.output, lambda name: batch.values[:, place[name]],
        errors_of,
    )  # fmt: skip


def _none(name: str) -> Floats:
    raise KeyError(name)
