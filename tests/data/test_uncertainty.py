"""Risk-coverage curves: the published definitions, ties, intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from mispredict.data.doubt import uncertainty
from mispredict.data.doubt.sureness import sureness
from mispredict.data.doubt.uncertainty import RiskCurve, auroc, disagreement


def published_aurc(sure: np.ndarray, loss: np.ndarray) -> float:
    """AURC as Geifman and El-Yaniv (2017) write it, for rows without ties.

    The mean over the thresholds of all rows of the mean loss of the rows at least as sure.
    """
    return float(np.mean([loss[sure >= threshold].mean() for threshold in sure]))


@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_the_published_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    sure = draw.random(300)
    loss = (draw.random(300) > sure).astype(np.float64)
    curve = RiskCurve.of(sure, loss)
    assert curve.area == pytest.approx(published_aurc(sure, loss), abs=1e-12)


def test_the_best_area_is_near_its_published_form() -> None:
    """κ* ≈ r + (1 − r) ln(1 − r) (Geifman, Uziel and El-Yaniv 2019)."""
    draw = np.random.default_rng(0)
    loss = (draw.random(20_000) < 0.2).astype(np.float64)
    curve = RiskCurve.of(draw.random(20_000), loss)
    rate = loss.mean()
    best = rate + (1 - rate) * np.log(1 - rate)
    assert curve.area - curve.excess == pytest.approx(best, abs=1e-3)


def test_an_order_by_the_loss_has_no_excess() -> None:
    loss = np.array([0.0, 0, 1, 0, 1])
    assert RiskCurve.of(-loss, loss).excess == pytest.approx(0)
    assert RiskCurve.of(loss, loss).excess > 0.3


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_equal_values_count_as_a_random_order_would(rows: list[tuple[int, bool]]) -> None:
    sure = np.array([row[0] for row in rows], np.float64)
    loss = np.array([row[1] for row in rows], np.float64)
    order = np.random.default_rng(0).permutation(len(rows))
    area = RiskCurve.of(sure, loss).area
    assert area == pytest.approx(RiskCurve.of(sure[order], loss[order]).area)
    assert 0 <= area <= 1


def test_equal_values_count_as_the_mean_over_orders() -> None:
    from itertools import permutations

    loss = np.array([0.0, 1, 1])
    areas = [RiskCurve.of(np.arange(3.0), np.array(item)).area for item in permutations(loss)]
    assert RiskCurve.of(np.zeros(3), loss).area == pytest.approx(np.mean(areas))


def test_rows_that_are_as_sure_as_the_last_go_with_it() -> None:
    curve = RiskCurve.of(np.array([3.0, 2, 2, 2, 1]), np.zeros(5))
    assert [curve.kept(share) for share in (0.1, 0.2, 0.4, 0.8, 1.0)] == [1, 1, 4, 4, 5]


def test_the_interval_of_the_area_holds_it() -> None:
    """The true area of a known model is inside the interval in about 95 % of samples."""
    draw = np.random.default_rng(0)

    def sample(n: int) -> tuple[np.ndarray, np.ndarray]:
        sure = draw.random(n)
        return sure, (draw.random(n) > 0.5 + sure / 2).astype(np.float64)

    truth = RiskCurve.of(*sample(1_000_000)).area
    inside = 0
    for _ in range(150):
        curve = RiskCurve.of(*sample(400))
        half = 1.96 * curve.area_error
        inside += abs(curve.area - truth) <= half
    assert inside >= 0.89 * 150


@pytest.mark.parametrize("digits", [1, 8], ids=["many ties", "no ties"])
def test_its_error_is_that_of_new_samples(digits: int) -> None:
    draw = np.random.default_rng(3)
    areas, errors = [], []
    for _ in range(400):
        sure = draw.beta(2, 1, 500).round(digits)
        curve = RiskCurve.of(sure, (draw.random(500) > 0.4 + sure / 2).astype(np.float64))
        areas.append(curve.area)
        errors.append(curve.area_error)
    assert np.mean(errors) == pytest.approx(np.std(areas), rel=0.12)


def test_the_chance_is_the_auroc_of_errors() -> None:
    draw = np.random.default_rng(1)
    sure = draw.random(500).round(2)
    wrong = draw.random(500) > 0.3 + 0.6 * sure
    value, low, high = auroc(sure, wrong)
    assert value == pytest.approx(roc_auc_score(wrong, -sure))
    assert low < value < high


def test_without_errors_there_is_no_chance() -> None:
    assert all(np.isnan(part) for part in auroc(np.arange(3.0), np.zeros(3, bool)))


def test_sureness_is_larger_where_the_model_is_surer() -> None:
    probabilities = np.array([[0.5, 0.5, 0], [0.6, 0.3, 0.1], [1, 0, 0]])
    for measure in ("confidence", "margin", "entropy"):
        found = sureness(probabilities, measure)  # type: ignore[arg-type]
        assert found[2] == found.max()
    assert sureness(probabilities, "margin").tolist() == pytest.approx([0, 0.3, 1])


def test_an_ensemble_that_agrees_does_not_disagree() -> None:
    votes = np.array([[0, 1, 2], [0, 1, 0], [0, 1, 1]])
    assert disagreement(votes).tolist() == pytest.approx([0, 0, 2 / 3])
    same = np.tile([[0.7, 0.3]], (2, 3, 1))
    assert disagreement(votes[:2], same).tolist() == pytest.approx([0, 0, 0])


def test_members_that_are_sure_of_different_classes_disagree_wholly() -> None:
    chances = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    assert disagreement(np.array([[0], [1]]), chances).tolist() == pytest.approx([1.0])


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.booleans(), st.integers(1, 4)), min_size=1, max_size=25
    )
)
@settings(max_examples=60, deadline=None)
def test_a_row_of_whole_weight_counts_as_so_many_rows(rows: list[tuple[int, bool, int]]) -> None:
    sure, loss, weight = (np.array(part, np.float64) for part in zip(*rows, strict=True))
    many = np.repeat(np.arange(len(rows)), weight.astype(int))
    one, other = RiskCurve.of(sure, loss, weight), RiskCurve.of(sure[many], loss[many])
    ends = np.cumsum(weight[one.order]).astype(int) - 1
    assert one.risk[[-1]] == pytest.approx(other.risk[[-1]])
    assert one.best == pytest.approx(other.best[ends])
    for share in (0.1, 0.35, 0.8, 1.0):
        kept, own = other.kept(share), one.kept(share)
        assert one.share(own) == pytest.approx(other.share(kept))
        assert one.mean(slice(own)) == pytest.approx(other.mean(slice(kept)))
    total = weight.sum()
    summed = uncertainty._weighted_area(one.sure, one.loss, weight[one.order])
    assert summed == pytest.approx(other.area)  # in units of one row
    assert abs(one.area - other.area) <= 1.5 * (1 + np.log(total)) / len(rows)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 7.5])
def test_equal_weights_are_none(scale: float) -> None:
    draw = np.random.default_rng(4)
    sure, loss = draw.random(200).round(1), draw.random(200)
    one, other = RiskCurve.of(sure, loss, np.full(200, scale)), RiskCurve.of(sure, loss)
    assert one.risk == pytest.approx(other.risk)
    assert one.best == pytest.approx(other.best)
    assert one.area == pytest.approx(other.area)
    assert one.excess == pytest.approx(other.excess)
    assert one.area_error == pytest.approx(other.area_error)
    assert one.worth(slice(50)) == pytest.approx(50)
    assert [one.kept(share) for share in (0.1, 0.5, 1)] == [
        other.kept(share) for share in (0.1, 0.5, 1)
    ]


def test_the_error_of_a_weighted_area_is_that_of_new_samples() -> None:
    draw = np.random.default_rng(5)
    areas, errors = [], []
    for _ in range(400):
        sure = draw.beta(2, 1, 500)
        weight = draw.choice([0.5, 1, 4], 500) * (1 + sure)
        curve = RiskCurve.of(sure, (draw.random(500) > 0.4 + sure / 2).astype(np.float64), weight)
        areas.append(curve.area)
        errors.append(curve.area_error)
    assert np.mean(errors) == pytest.approx(np.std(areas), rel=0.12)


def test_rows_of_no_weight_count_for_nothing() -> None:
    draw = np.random.default_rng(6)
    sure, loss, weight = draw.random(50), draw.random(50), draw.random(50)
    weight[::5] = 0
    kept = weight > 0
    one, other = (
        RiskCurve.of(sure, loss, weight),
        RiskCurve.of(sure[kept], loss[kept], weight[kept]),
    )
    assert one.n == 40 and one.area == pytest.approx(other.area)
