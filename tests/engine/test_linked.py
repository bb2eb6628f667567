"""Linked counts: each column without its own filter, from the smaller of both parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType
from mispredict.engine.codebook import Codebook
from mispredict.engine.encode import Coded
from mispredict.engine.kernels import linked as kernels
from mispredict.engine.linked import LinkedCounter, Outcome, Selection, Sums

SIZES = {"a": 3, "b": 7, "wide": 300, "vast": 5000}


def coded(codes: NDArray[np.integer], size: int) -> Coded:
    points = tuple(range(size - 1))
    book = Codebook("values", ColumnType.CATEGORICAL, "int64", points)
    return Coded(codes.astype(book.dtype), book)


def columns(n: int, seed: int) -> dict[str, Coded]:
    random = np.random.default_rng(seed)
    return {name: coded(random.integers(0, size, n), size) for name, size in SIZES.items()}


def outcome_of(kind: str, n: int, seed: int) -> tuple[Outcome, NDArray, NDArray]:
    """An outcome, with the error (NaN where unknown) and weight of each row."""
    random = np.random.default_rng(seed)
    weights = random.uniform(0, 3, n) if "weighted" in kind else np.ones(n)
    if "loss" in kind:
        error = random.exponential(size=n) + 1e6
        error[random.random(n) < 0.2] = np.nan
        outcome = Outcome.of_losses(error)
    else:
        states = random.integers(0, 3, n).astype(np.uint8)
        error = np.where(states == 2, np.nan, states)
        outcome = Outcome.of_states(states)
    return (outcome.weighted(weights) if "weighted" in kind else outcome), error, weights


def expected(
    item: Coded, rows: NDArray[np.bool_], error: NDArray, weight: NDArray, centre: float
) -> Sums:
    known = rows & ~np.isnan(error)
    w, e = weight[known], error[known] - centre
    parts = (w, w**2, w * e, w**2 * e, (w * e) ** 2)
    size = item.book.size
    counts = np.bincount(item.codes[rows], minlength=size)
    codes = item.codes[known]
    return Sums(counts, *(np.bincount(codes, part, minlength=size) for part in parts))


KINDS = ("error", "loss", "weighted error", "weighted loss")


@pytest.mark.parametrize("numba", ["1", "0"], ids=["numba", "numpy"])
@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=12)
@given(st.integers(0, 400), st.integers(0, 2**31), st.lists(st.floats(0, 1), max_size=4))
def test_every_view_is_counted_under_the_others(
    numba: str, kind: str, n: int, seed: int, shares: list[float]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MISPREDICT_NUMBA", numba)
        found_all = columns(n, seed)
        outcome, error, weight = outcome_of(kind, n, seed)
        counter = LinkedCounter(outcome, found_all.__getitem__)
        random = np.random.default_rng(seed + 1)
        views = ["a", "wide", "elsewhere", "vast"][: len(shares)]
        masks = {v: random.random(n) < share for v, share in zip(views, shares, strict=True)}
        selection, inside, linked = counter.under(masks, list(SIZES))
    everything = np.logical_and.reduce([np.ones(n, bool), *masks.values()])
    assert selection.n == everything.sum()
    assert (selection.mask == everything).all()
    for name, item in found_all.items():
        others = np.logical_and.reduce(
            [np.ones(n, bool), *(mask for view, mask in masks.items() if view != name)]
        )
        for found, rows in ((inside[name], everything), (linked[name], others)):
            wanted = expected(item, rows, error, weight, outcome.centre)
            assert found.rows.tolist() == wanted.rows.tolist()
            for part, other in zip(found.parts, wanted.parts, strict=True):
                np.testing.assert_allclose(part, other, rtol=1e-9, atol=1e-9)
    total = outcome.total(np.flatnonzero(everything).astype(np.int32))
    for part, other in zip(total.parts, inside["a"].total.parts, strict=True):
        np.testing.assert_allclose(part, other, rtol=1e-9, atol=1e-9)


def test_the_smaller_part_is_visited() -> None:
    mask = np.ones(100, bool)
    mask[:10] = False
    most, few = Selection.of([mask], 100), Selection.of([~mask], 100)
    assert (most.is_rest, len(most.visited), most.n) == (True, 10, 90)
    assert (few.is_rest, len(few.visited), few.n) == (False, 10, 10)
    assert Selection.of([], 3).n == 3


def test_too_many_filters() -> None:
    with pytest.raises(BadOption, match="254"):
        Selection.of([np.ones(1, bool)] * 255, 1)


def test_infinite_losses_are_unknown() -> None:
    outcome = Outcome.of_losses(np.array([1.0, np.inf, 3.0, np.nan]))
    total = outcome.total(np.arange(4, dtype=np.int32))
    assert (int(total.rows[0]), float(total.weight[0])) == (4, 2.0)
    assert outcome.centre == 2.0


@pytest.mark.parametrize("numba", ["1", "0"], ids=["numba", "numpy"])
def test_power_sums(numba: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISPREDICT_NUMBA", numba)
    values = np.array([1.0, 2.0, np.nan, 4.0])
    rows = np.array([0, 1, 2, 3], np.int32)
    assert kernels.power_sums(values, rows, centre=1.0).tolist() == [3, 4, 10, 28]
    squared = kernels.power_sums(values, rows[:2], centre=0.0, is_squared=True)
    assert squared.tolist() == [2, 5, 17, 65]
    label = np.array([1.0, 0.0, 9.0, 2.0])
    found = kernels.explained_sums(values, label, rows, centre=0.0)
    assert found.tolist() == [3, 21, 273, 3, 5, 9, 17, 33, 65]
