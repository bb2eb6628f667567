from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from mispredict.core.schema import ColumnType
from mispredict.data.drift.counting import Named
from mispredict.data.drift.telling import delong, tell_column, tell_rows

from .conftest import named, side

WORDS = ("the", "model", "of", "bank", "water", "house", "green", "river", "walks", "sees")


def texts(n: int, seed: int, extra: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    made = [" ".join(rng.choice(WORDS, 8)) for _ in range(n)]
    hit = rng.random(n) < extra
    return pd.DataFrame({"note": [t + " refund" * int(h) for t, h in zip(made, hit, strict=True)]})


def test_auc_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 30, 200) + 3, rng.integers(0, 30, 300)
    auc, variance = delong(first.astype(float), second.astype(float))
    label = np.repeat([1, 0], [200, 300])
    assert auc == pytest.approx(roc_auc_score(label, np.concatenate([first, second])))
    assert 0 < variance < 0.01


@pytest.mark.parametrize(("extra", "is_told"), [(0.0, False), (0.5, True)], ids=["same", "moved"])
def test_texts_are_told_apart_where_they_differ(extra: float, is_told: bool) -> None:
    told = tell_column(
        Named("note", "input", True),
        ColumnType.TEXT,
        side(texts(600, 1)),
        side(texts(600, 2, extra)),
        bound=0.55,
        level=0.95,
        seed=0,
    )
    assert told is not None
    assert (told.effect.low > 0.55) is is_told
    assert ("refund" in told.words) is is_told


def test_rows_are_told_apart_by_how_columns_go_together() -> None:
    rng = np.random.default_rng(0)
    first = pd.DataFrame(
        rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 2_000), columns=list("xy")
    )
    second = pd.DataFrame(rng.normal(size=(2_000, 2)), columns=list("xy"))
    told = tell_rows(named(first), side(first), side(second), bound=0.55, level=0.95, seed=0)
    assert told is not None
    assert told.effect.low > 0.55


@pytest.mark.parametrize("known", [0, 1], ids=["no value", "one value"])
def test_columns_of_missing_values_are_no_hindrance(known: int) -> None:
    rng = np.random.default_rng(0)
    frames = [pd.DataFrame({"x": rng.normal(size=300), "gone": np.nan}) for _ in range(2)]
    for frame in frames:
        frame.loc[: known - 1, "gone"] = 1.0
    told = tell_rows(named(frames[0]), *map(side, frames), bound=0.55, level=0.95, seed=0)
    assert told is not None
    assert told.effect.low < 0.55


@pytest.mark.slow
def test_alike_rows_are_seldom_told_apart() -> None:
    alarms = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        first, second = (
            pd.DataFrame(rng.normal(size=(400, 4)), columns=list("abcd")) for _ in "12"
        )
        told = tell_rows(named(first), side(first), side(second), bound=0.55, level=0.95, seed=0)
        assert told is not None
        alarms += told.effect.p < 0.05
    assert alarms <= 2


def test_few_texts_are_not_compared() -> None:
    few = side(texts(10, 1))
    column = Named("note", "input", True)
    assert tell_column(column, ColumnType.TEXT, few, few, bound=0.55, level=0.95, seed=0) is None
