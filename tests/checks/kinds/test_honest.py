"""A model exactly at the bound fails a check in at most 5 % of samples, and rarely passes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp

from .conftest import check, judged

SEEDS, ROWS = 120, 250
N = SEEDS * ROWS


def population(*, twins: bool = False) -> pd.DataFrame:
    """Rows in samples, of which exactly 5 % are fragile.

    Each row may have a twin on which the guessing models change places, so that they are
    exactly as good.
    """
    draw = np.random.default_rng(0)
    half = N // 2 if twins else N
    chance = draw.uniform(0.05, 0.95, half).round(4)
    label = np.where(draw.random(half) < chance, "yes", "no")
    quarter = draw.integers(0, 4, half)
    if twins:
        quarter = np.concatenate([quarter, np.array([1, 0, 2, 3])[quarter]])
    x = 10 * (4 * draw.integers(0, 12, N) + quarter)
    frame = pd.DataFrame(
        {
            "fragile": draw.permutation(N) < N // 20,
            "x": x,
            "own": x,
            "y": draw.integers(0, 100, N),
            "group": draw.choice(["a", "b", "c"], N),
            "chance": np.tile(chance, N // half),
            "label": np.tile(label, N // half),
        }
    )
    mixed = frame.iloc[draw.permutation(N)].reset_index(drop=True)
    return mixed.assign(sample=np.arange(N) % SEEDS)


def calibrated(batch: pd.DataFrame) -> pd.DataFrame:
    """Says what is the case."""
    return pd.DataFrame({"no": 1 - batch["chance"], "yes": batch["chance"]})


def other_way(batch: pd.DataFrame) -> pd.DataFrame:
    """As good as the calibrated one, and wrong on other rows: a quarter is turned into guesses.

    Each model guesses on its own quarter of the rows, so that neither is better.
    """
    return _guessing(batch, 0)


def one_way(batch: pd.DataFrame) -> pd.DataFrame:
    """As the other way, with another quarter of the rows."""
    return _guessing(batch, 1)


def fragile(batch: pd.DataFrame) -> pd.DataFrame:
    """Sure of "yes"; turns on fragile rows whose x was moved, or whose y is above 100."""
    is_moved = (batch["x"] != batch["own"]) | (batch["y"] > 100)
    yes = np.where(batch["fragile"] & is_moved, 0.2, 0.8)
    return pd.DataFrame({"no": 1 - yes, "yes": yes})


def wrong_when_fragile(batch: pd.DataFrame) -> pd.DataFrame:
    """Says "yes", but of fragile rows."""
    yes = np.where(batch["fragile"], 0.2, 0.8)
    return pd.DataFrame({"no": 1 - yes, "yes": yes})


def _guessing(batch: pd.DataFrame, quarter: int) -> pd.DataFrame:
    turned = batch["x"] // 10 % 4 == quarter
    yes = np.where(turned, 1 - batch["chance"], batch["chance"])
    return pd.DataFrame({"no": 1 - yes, "yes": yes})


@pytest.fixture(scope="module")
def evaluations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, mp.Evaluation]]:
    with mp.open(tmp_path_factory.mktemp("honest") / "ws") as ws:
        ws.add_dataset("population", population(), label="label")
        ws.add_dataset("twins", population(twins=True), label="label")
        models = [calibrated, other_way, one_way, fragile, wrong_when_fragile]
        for model in models:
            ws.add_model(model.__name__, model)
        yield {
            model.__name__: ws.evaluate(
                model.__name__, "twins" if model in (one_way, other_way) else "population"
            )
            for model in models
        }


def _accuracy() -> float:
    rows = population()
    return float((rows["label"] == np.where(rows["chance"] >= 0.5, "yes", "no")).mean())


ACCURACY = _accuracy()
OF_SAMPLES: list[tuple[str, str, dict[str, Any]]] = [
    ("calibrated", "metric", {"metric": "accuracy", "min": ACCURACY}),
    ("calibrated", "metric", {"metric": "error_rate", "max": 1 - ACCURACY}),
    ("calibrated", "confidence", {"threshold": 0.5, "min_share": ACCURACY}),
    ("calibrated", "gap", {"metric": "accuracy", "by": ("group",), "max": 0.0}),
    ("calibrated", "gap", {"metric": "accuracy", "by": ("group",), "min_ratio": 1.0}),
    ("calibrated", "gap", {"metric": "recall", "by": ("group",), "max": 0.0}),
    ("calibrated", "calibration", {"max": 0.0}),
    ("calibrated", "calibration", {"max": 0.0, "measure": "overconfidence"}),
    ("one_way", "regression", {"metric": "accuracy", "max_drop": 0.0}),
    ("one_way", "regression", {"metric": "accuracy", "max_relative": 0.0}),
    ("one_way", "regression", {"metric": "log_loss", "max_drop": 0.0}),
    ("one_way", "regression", {"metric": "f1", "max_drop": 0.0}),
    ("one_way", "regression", {"metric": "roc_auc", "max_drop": 0.0}),
]
BY_SEED: list[tuple[str, str, dict[str, Any]]] = [
    ("fragile", "augmentation", {"perturbations": ("noise",), "columns": ("x",)}),
    ("fragile", "augmentation", {"perturbations": ("noise",), "columns": ("x",), "multiplier": 3}),
    ("fragile", "robustness", {"perturbation": "noise", "columns": ("x",)}),
    ("fragile", "directional", {"column": "y", "by": 200}),
    ("fragile", "adversarial", {"target": "no", "vary": ("y",), "ranges": {"y": (101, 200)},
                                "tries": 2}),
    ("wrong_when_fragile", "unit", {"values": {"x": 10}, "label": "yes", "n": ROWS}),
]  # fmt: skip


def _name(case: tuple[str, str, dict[str, Any]]) -> str:
    return f"{case[1]}-{'-'.join(str(value) for value in case[2].values())}"[:60]


@pytest.mark.slow
@pytest.mark.parametrize("case", OF_SAMPLES, ids=_name)
def test_samples_of_a_model_at_the_bound(
    case: tuple[str, str, dict[str, Any]], evaluations: dict[str, mp.Evaluation]
) -> None:
    model, kind, options = case
    checks = [check(kind, str(seed), where=f"sample = {seed}", **options) for seed in range(SEEDS)]
    verdicts = judged(evaluations[model], *checks, baseline=evaluations["other_way"])
    assert not verdicts.of_verdict("error"), str(verdicts)
    assert verdicts.counts["fail"] <= 0.05 * SEEDS
    assert verdicts.counts["pass"] <= 0.05 * SEEDS


@pytest.mark.slow
@pytest.mark.parametrize("case", BY_SEED, ids=_name)
def test_draws_from_a_model_at_the_bound(
    case: tuple[str, str, dict[str, Any]], evaluations: dict[str, mp.Evaluation]
) -> None:
    model, kind, options = case
    more = {} if kind == "unit" else {"sample": ROWS}
    checks = [
        check(kind, str(seed), seed=seed, min_share=0.95, **options, **more)
        for seed in range(SEEDS)
    ]
    verdicts = judged(evaluations[model], *checks)
    assert not verdicts.of_verdict("error"), str(verdicts)
    assert verdicts.counts["fail"] <= 0.05 * SEEDS
    assert verdicts.counts["pass"] <= 0.05 * SEEDS
