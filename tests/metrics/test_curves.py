"""Confusion, calibration, ROC and precision-recall curves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from mispredict.core.errors import BadOption
from mispredict.metrics import (
    Groups,
    Outcomes,
    calibration,
    confusion,
    measure,
    precision_recall_curve,
    roc_curve,
)
from mispredict.metrics.curves import MOST_POINTS, thin

from .test_measure import BINARY, binary


def test_confusion_is_scikit_learns() -> None:
    outcomes = binary(300)
    mask = np.arange(300) % 3 == 0
    table = confusion(outcomes, mask)
    expected = sk.confusion_matrix(outcomes.label[mask], outcomes.prediction[mask])
    assert [row.n for row in table.rows] == expected.ravel().tolist()
    assert table.columns == ("label", "prediction", "n", "share_of_label")
    assert sum(row.share_of_label for row in table.rows) == pytest.approx(2)
    assert table.rows[1].label == "no"
    assert table.rows[1].prediction == "yes"


def test_confusion_of_an_absent_label_has_no_shares() -> None:
    table = confusion(Outcomes.of(BINARY, [0, 0, -1], [0, 1, 1]))
    assert [row.n for row in table.rows] == [1, 1, 0, 0]
    assert np.isnan(table.rows[2].share_of_label)


def test_calibration_bins_hold_every_row_once() -> None:
    outcomes = binary(500)
    table = calibration(outcomes, bins=10)
    (row,) = measure(outcomes, Groups.whole(500), metrics=["ece"])
    assert sum(entry.n for entry in table.rows) == 500
    assert calibration(outcomes).ece == pytest.approx(row.value)
    for entry in table.rows:
        assert entry.low_edge < entry.confidence <= entry.high_edge
        assert entry.low <= entry.accuracy <= entry.high


@pytest.mark.parametrize("n", [50, 5000])
def test_roc_curve_keeps_its_shape(n: int) -> None:
    outcomes = binary(n)
    curve = roc_curve(outcomes)
    p = outcomes.probability(1)
    assert curve.area == pytest.approx(sk.roc_auc_score(outcomes.label, p))
    assert len(curve) <= MOST_POINTS
    x, y = ([getattr(row, name) for row in curve.rows] for name in curve.columns[1:])
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(y, x) == pytest.approx(curve.area, abs=2e-3)
    for row in curve.rows[1::20]:
        called = p >= row.threshold
        assert row.true_positive_rate == pytest.approx(called[outcomes.label == 1].mean())


def test_precision_recall_curve_keeps_its_shape() -> None:
    outcomes = binary(5000)
    curve = precision_recall_curve(outcomes)
    p = outcomes.probability(1)
    assert curve.area == pytest.approx(sk.average_precision_score(outcomes.label, p))
    assert len(curve) <= MOST_POINTS
    for row in curve.rows[::20]:
        called = p >= row.threshold
        assert row.precision == pytest.approx((outcomes.label[called] == 1).mean())
    recall, precision = ([getattr(r, n) for r in curve.rows] for n in ("recall", "precision"))
    assert np.trapezoid(precision, recall) == pytest.approx(curve.area, abs=5e-3)


def test_curves_of_one_class_are_empty() -> None:
    p = np.full((3, 2), 0.5)
    outcomes = Outcomes.of(BINARY, [0, 0, 0], [0, 0, 0], probabilities=p)
    assert roc_curve(outcomes).rows == ()
    assert precision_recall_curve(outcomes).rows == ()
    assert roc_curve(outcomes, np.zeros(3, bool)).rows == ()


@pytest.mark.parametrize("curve", [roc_curve, precision_recall_curve, calibration])
def test_curves_need_probabilities(curve) -> None:
    with pytest.raises(BadOption, match="needs probabilities"):
        curve(Outcomes.of(BINARY, [0, 1], [0, 1]))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5000))
def test_thinned_lines_keep_ends_and_order(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.random(n))
    kept = thin(x, np.sort(rng.random(n)))
    assert len(kept) <= MOST_POINTS
    assert (kept[0], kept[-1]) == (0, n - 1)
    assert (np.diff(kept) > 0).all()
