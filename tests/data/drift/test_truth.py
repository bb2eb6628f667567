"""How often drift is seen where there is none, and where there is some of a stated size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mispredict.data.drift.comparing import compare, judged, whole_verdict
from mispredict.data.drift.results import DriftRow

from .conftest import named, rows, side


def drift(first: pd.DataFrame, second: pd.DataFrame, bound: float = 0.05) -> tuple[DriftRow, ...]:
    found = compare(side(first), side(second), named(first), bound=bound)
    return judged(found.rows, level=0.95, measure="")


@pytest.mark.parametrize(
    ("n", "m", "seeds"),
    [
        pytest.param(200, 200, 100, id="200"),
        pytest.param(1_000, 1_000, 100, id="1 k", marks=pytest.mark.slow),
        pytest.param(1_000, 10_000, 100, id="1 k and 10 k", marks=pytest.mark.slow),
        pytest.param(10_000, 10_000, 100, id="10 k", marks=pytest.mark.slow),
        pytest.param(100_000, 100_000, 20, id="100 k", marks=pytest.mark.slow),
        pytest.param(1_000_000, 1_000_000, 2, id="1 M", marks=pytest.mark.slow),
    ],
)
def test_alike_rows_do_not_alarm(n: int, m: int, seeds: int) -> None:
    alarms = sum(
        whole_verdict(drift(rows(n, 2 * seed), rows(m, 2 * seed + 1))) == "drift"
        for seed in range(seeds)
    )
    assert alarms <= 0.05 * seeds


@pytest.mark.slow
def test_even_without_a_bound_alike_rows_seldom_alarm() -> None:
    found = [
        whole_verdict(drift(rows(2_000, 2 * seed), rows(2_000, 2 * seed + 1), bound=1e-9))
        for seed in range(150)
    ]
    assert np.mean([word == "drift" for word in found]) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 150)


@pytest.mark.parametrize(
    ("n", "shift", "seeds"),
    [
        # A shift by d standard deviations is a Hellinger distance of √(1 − exp(−d²/8)).
        pytest.param(1_000, 0.45, 100, id="1 k, distance 0.16", marks=pytest.mark.slow),
        pytest.param(1_000, 0.6, 20, id="1 k, distance 0.21"),
        pytest.param(10_000, 0.25, 60, id="10 k, distance 0.088", marks=pytest.mark.slow),
        pytest.param(100_000, 0.18, 20, id="100 k, distance 0.064", marks=pytest.mark.slow),
        pytest.param(1_000_000, 0.16, 2, id="1 M, distance 0.057", marks=pytest.mark.slow),
    ],
)
def test_shifts_of_a_stated_size_are_found_and_nothing_else(
    n: int, shift: float, seeds: int
) -> None:
    seen, others = 0, 0
    for seed in range(seeds):
        found = drift(rows(n, 2 * seed), rows(n, 2 * seed + 1, shift))
        drifted = {row.column for row in found if row.verdict == "drift"}
        seen += "moved" in drifted
        others += bool(drifted - {"moved"})
    assert seen >= 0.95 * seeds
    assert others <= 0.05 * seeds


def test_a_small_shift_of_a_million_rows_is_no_drift() -> None:
    rng = np.random.default_rng(0)
    first, second = (pd.DataFrame({"x": rng.normal(at, 1, 500_000).round(2)}) for at in (0.0, 0.03))
    (row,) = drift(first, second)
    assert row.verdict == "same"
    assert row.low > 0
