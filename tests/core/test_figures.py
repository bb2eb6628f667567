"""Figures in sentences say what their interval bears, and no more."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.core.figures import (
    decimals,
    figure,
    is_share,
    metric_difference,
    metric_figure,
    metric_span,
    signed,
)

ENDS = st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-6)


@pytest.mark.parametrize(
    ("metric", "difference", "low", "high", "said"),
    [
        pytest.param("accuracy", 0.005323, -0.01357, 0.02421, "+0.5 points", id="wide"),
        pytest.param("accuracy", -0.0642, -0.0711, -0.0573, "-6.42 points", id="narrow"),
        pytest.param("recall[yes]", -0.5176, -0.6478, -0.3637, "-51.8 points", id="of-a-class"),
        pytest.param("roc_auc", -0.0014, -0.002543, -0.0002574, "-0.0014", id="no-share"),
        pytest.param("mse", 1234.56, 1100.0, 1369.0, "+1,235", id="large"),
        pytest.param("accuracy", 0.0, math.nan, math.nan, "0.0 points", id="no-interval"),
        pytest.param("mae", -0.5, -0.5, -0.5, "-0.5", id="no-width"),
        pytest.param("accuracy", math.nan, math.nan, math.nan, "unknown", id="unknown"),
    ],
)
def test_difference_is_as_exact_as_its_interval(
    metric: str, difference: float, low: float, high: float, said: str
) -> None:
    assert metric_difference(metric, difference, low, high) == said


def test_figures_of_one_comparison_are_alike() -> None:
    ends = (-0.01357, 0.02421)
    assert metric_figure("accuracy", 0.7516, *ends) == "75.2 %"
    assert metric_span("accuracy", *ends) == "-1.4 to +2.4"
    assert metric_span("log_loss", *ends) == "-0.014 to +0.024"


def test_nothing_has_no_sign() -> None:
    assert signed(-0.00001, 2) == "0.00"
    assert figure(-0.4, 0) == "0"
    assert signed(math.inf) == "∞"


def test_no_exponents_where_people_count() -> None:
    assert figure(32_530.4) == "32,530"
    assert figure(1_234_567.0, 1) == "1,234,567.0"


def test_averages_of_shares_are_shares() -> None:
    assert is_share("f1_macro")
    assert not is_share("mcc")


@given(low=ENDS, width=st.floats(1e-6, 1e6))
def test_rounding_moves_an_end_by_less_than_a_tenth_of_the_interval(
    low: float, width: float
) -> None:
    """Unless four figures of the ends are fewer than that."""
    high = low + width
    places = decimals(low, high)
    assert places is not None
    size = max(abs(low), abs(high))
    assert abs(round(low, places) - low) <= max(width / 10, size / 1000)
