"""The brush counts what a plain loop counts, with and without compiled loops."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.schema import ColumnType
from mispredict.engine.encode import Coded, encode
from mispredict.engine.kernels import marginals as kernels
from mispredict.engine.marginals import failures, fixed_point, marginals

N = 1001


@pytest.fixture(params=["compiled", "numpy"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MISPREDICT_NUMBA", "1" if request.param == "compiled" else "0")
    monkeypatch.setattr(kernels, "_BLOCK", 256)
    return str(request.param)


@pytest.fixture(scope="module")
def source() -> dict[str, Coded]:
    rng = np.random.default_rng(1)
    columns = {
        "group": pa.array(rng.choice(["a", "b", "c"], N)),
        "wide": pa.array([str(i) for i in rng.integers(0, 300, N)]),
        "number": pa.array(rng.normal(size=N), mask=rng.random(N) < 0.1),
    }
    kinds = {"number": ColumnType.NUMERIC}
    coded = {k: encode(v, kinds.get(k, ColumnType.CATEGORICAL)) for k, v in columns.items()}
    return {name: item for name, item in coded.items() if item is not None}


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_counts_and_errors(source: dict[str, Coded], loops: str, share: float) -> None:
    rng = np.random.default_rng(2)
    mask, wrong = rng.random(N) < share, rng.random(N) < 0.3
    found = marginals(source, list(source), mask, wrong)
    assert (found.n, found.errors) == (mask.sum(), (mask & wrong).sum())
    for name, coded in source.items():
        size = coded.book.size
        assert (
            found[name].counts.tolist() == np.bincount(coded.codes[mask], minlength=size).tolist()
        )
        both = np.bincount(coded.codes[mask & wrong], minlength=size)
        assert found[name].errors.tolist() == both.tolist()


def test_losses_and_weights_add_up(source: dict[str, Coded], loops: str) -> None:
    rng = np.random.default_rng(3)
    mask, loss, weight = rng.random(N) < 0.5, rng.exponential(size=N), rng.random(N)
    loss[7] = np.nan
    kept = mask & ~np.isnan(loss)
    found = marginals(source, ["group"], mask, loss, weight)
    codes = source["group"].codes[kept]
    np.testing.assert_allclose(
        found["group"].counts, np.bincount(codes, weight[kept], 4), rtol=1e-12
    )
    np.testing.assert_allclose(
        found["group"].errors, np.bincount(codes, (weight * loss)[kept], 4), rtol=1e-12
    )
    assert found.n == kept.sum()


def test_sums_are_equal_bit_for_bit(
    source: dict[str, Coded], monkeypatch: pytest.MonkeyPatch
) -> None:
    loss = np.random.default_rng(4).exponential(size=N) * 1e3
    loss[::3] *= -1
    monkeypatch.setenv("MISPREDICT_NUMBA", "1")
    compiled = marginals(source, ["wide"], None, loss)
    monkeypatch.setenv("MISPREDICT_NUMBA", "0")
    monkeypatch.setattr(kernels, "_BLOCK", 97)
    assert np.array_equal(
        marginals(source, ["wide"], None, loss)["wide"].errors, compiled["wide"].errors
    )


def test_rates_are_nan_without_rows(source: dict[str, Coded]) -> None:
    found = marginals(source, ["group"], np.zeros(N, np.bool_), np.ones(N, np.bool_))
    assert np.isnan(found["group"].rates).all()
    with pytest.raises(UnknownColumn, match="no column 'grup'"):
        found["grup"]


def test_failures_name_the_only_mask_that_fails() -> None:
    first, second = np.array([1, 0, 1, 0], bool), np.array([1, 1, 0, 0], bool)
    assert failures([first, second], 4).tolist() == [0, 1, 2, 255]


def test_infinite_losses_are_refused() -> None:
    with pytest.raises(BadOption, match="infinite"):
        fixed_point(np.array([1.0, np.inf]))


@pytest.mark.parametrize("largest", [1e-300, 1e-3, 1.0, 37.0, 1e12, 1e300])
def test_fixed_point_keeps_the_digits_of_a_sum(largest: float) -> None:
    values = np.linspace(-largest / 3, largest, 1000)
    whole, scale = fixed_point(values)
    assert whole.sum() / scale == pytest.approx(float(np.sum(values)), rel=1e-12)
