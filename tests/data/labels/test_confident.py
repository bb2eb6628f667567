"""Confident learning: cleanlab's flags, by hand, both engines, and planted noise."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from mispredict.core.errors import BadOption, Cancelled, EmptyCohort
from mispredict.data.labels.classes import chances, noise_of
from mispredict.data.labels.confident import Confident, Probabilities, learn

from . import cases


def learned(label: NDArray[np.int64], table: NDArray[np.float64], **options: str) -> Confident:
    return learn(label.astype(np.int32), Probabilities.of(table), **options)


@pytest.mark.parametrize("numba", ["1", "0"])
@pytest.mark.parametrize("name", cases.CASES)
def test_flags_are_those_of_cleanlab(
    name: str, numba: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISPREDICT_NUMBA", numba)
    label, _, table = cases.made(**cases.CASES[name])
    expected = json.loads(cases.FLAGS.read_text())[name]
    assert np.flatnonzero(learned(label, table).flagged).tolist() == expected


def test_by_hand() -> None:
    """Two classes of four rows; the last row of each is surely of the other."""
    label = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    of_one = np.array([0.1, 0.1, 0.2, 0.9, 0.9, 0.8, 0.9, 0.1])
    found = learned(label, np.column_stack([1 - of_one, of_one]))
    assert found.thresholds.tolist() == pytest.approx([0.675, 0.675])
    assert found.counts.tolist() == [[3, 1], [1, 3]]
    assert found.joint.tolist() == [[3, 1], [1, 3]]
    assert np.flatnonzero(found.flagged).tolist() == [3, 7]
    assert found.suggested[[3, 7]].tolist() == [1, 0]
    assert found.own[[3, 7]] == pytest.approx([0.1, 0.1])


@pytest.mark.parametrize("kind", ["columns", "Fortran order", "float32"])
def test_every_form_of_probabilities_gives_the_same(kind: str) -> None:
    label, _, table = cases.made(**cases.CASES["ten classes"])
    if kind == "float32":
        table = table.astype(np.float32).astype(np.float64)
    given = {
        "columns": Probabilities(len(table), 10, lambda k: np.ascontiguousarray(table[:, k])),
        "Fortran order": Probabilities.of(np.asfortranarray(table)),
        "float32": Probabilities.of(table.astype(np.float32)),
    }[kind]
    found = learn(label.astype(np.int32), given)
    assert np.array_equal(found.flagged, learned(label, table).flagged)


def test_rows_without_a_label_do_not_count() -> None:
    label, _, table = cases.made(**cases.CASES["three classes"])
    longer = np.concatenate([label, [-1, -1]])
    found = learned(longer, np.vstack([table, np.full((2, 3), 1 / 3)]))
    alone = learned(label, table)
    assert np.array_equal(found.flagged[:-2], alone.flagged)
    assert not found.flagged[-2:].any()
    assert np.array_equal(found.joint, alone.joint)


def test_the_joint_keeps_the_size_of_each_label() -> None:
    label, _, table = cases.made(**cases.CASES["rare classes"])
    found = learned(label, table)
    assert found.joint.sum(axis=1).tolist() == found.sizes.tolist()
    noise, inverse = chances(found.joint)
    assert noise.sum(axis=1) == pytest.approx(np.ones(6))
    assert inverse.sum(axis=1) == pytest.approx(np.ones(6))


def test_methods_are_nested() -> None:
    label, _, table = cases.made(**cases.CASES["ten classes"])
    wide = learned(label, table, method="disagreement").flagged
    for method in ("confident", "noise_rate"):
        found = learned(label, table, method=method).flagged
        assert found.any() and not (found & ~wide).any()


def test_bad_input_is_refused() -> None:
    table = np.full((3, 2), 0.5)
    with pytest.raises(EmptyCohort, match="no row has a label"):
        learned(np.full(3, -1), table)
    with pytest.raises(BadOption, match="method='magic' is not a choice"):
        learned(np.array([0, 1, 0]), table, method="magic")
    with pytest.raises(Cancelled):
        learn(np.zeros(3, np.int32), Probabilities.of(table), cancel=lambda: True)


UNIFORM = np.full((3, 3), 0.05) + np.eye(3) * 0.85
BY_CLASS = np.array([[0.98, 0.01, 0.01], [0.15, 0.85, 0.0], [0.0, 0.05, 0.95]])


def planted(seed: int, noise: NDArray[np.float64] | None, sep: float) -> dict[str, float]:
    """Three clouds, labels sent through noise, and probabilities across five folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, 1_500)
    x = np.eye(3)[truth] * sep + rng.normal(size=(1_500, 3))
    label = truth.copy()
    if noise is not None:
        label = (rng.random(1_500)[:, None] > noise.cumsum(axis=1)[truth]).sum(axis=1)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    table = cross_val_predict(LogisticRegression(), x, label, cv=folds, method="predict_proba")
    found = learned(label, table)
    wrong = label != truth
    hits = int((found.flagged & wrong).sum())
    share, low, high = noise_of(found).all
    return {
        "flagged": float(found.flagged.mean()),
        "precision": hits / max(int(found.flagged.sum()), 1),
        "recall": hits / max(int(wrong.sum()), 1),
        "bias": share - float(wrong.mean()),
        "covered": float(low <= wrong.mean() <= high),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("noise", "sep", "precision", "recall"),
    [(UNIFORM, 4.0, 0.98, 0.93), (BY_CLASS, 4.0, 0.95, 0.82), (UNIFORM, 3.0, 0.92, 0.90)],
    ids=["one rate", "rate by class", "one rate, classes overlap"],
)
def test_planted_noise_is_found(
    noise: NDArray[np.float64], sep: float, precision: float, recall: float
) -> None:
    found = [planted(seed, noise, sep) for seed in range(10)]
    mean = {name: float(np.mean([item[name] for item in found])) for name in found[0]}
    assert mean["precision"] >= precision
    assert mean["recall"] >= recall
    assert abs(mean["bias"]) < 0.015
    assert mean["covered"] >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sep", "most"), [(3.0, 0.007), (4.0, 0.001), (5.0, 0.0)], ids=["3 %", "0.5 %", "0.05 %"]
)
def test_clean_labels_are_hardly_flagged(sep: float, most: float) -> None:
    """The ids are the model's own errors: what is flagged is a fraction of these."""
    found = [planted(seed, None, sep)["flagged"] for seed in range(10)]
    assert np.mean(found) <= most
