"""Scores and slices of the published SliceLine, by equation and by its reference package."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from mispredict.cohorts.search.options import Options
from mispredict.cohorts.search.search import top
from mispredict.cohorts.search.space import Column, Space


def test_score_is_equation_1() -> None:
    """Ten rows, four in the slice, three of five errors in it."""
    codes = np.array([1, 1, 1, 1, 2, 2, 2, 2, 2, 2], np.uint8)
    errors = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0], bool)
    options = Options(k=1, conditions=1, min_share=0, scoring="sliceline", alpha=0.9)
    (found,) = top(Space((Column("a", codes, 3),)), errors, options=options).slices
    assert found.box.text == "a=1"
    assert found.score == pytest.approx(0.9 * ((3 / 4) / (5 / 10) - 1) - 0.1 * (10 / 4 - 1))


@pytest.mark.parametrize("is_binary", [True, False], ids=["0-1", "loss"])
@pytest.mark.parametrize("seed", range(6))
def test_same_slices_as_the_reference_package(seed: int, is_binary: bool) -> None:
    package = pytest.importorskip("sliceline")
    rng = np.random.default_rng(seed)
    n, sizes = 400, (2, 3, 4, 5)
    codes = np.stack([rng.integers(1, size + 1, n) for size in sizes], axis=1)
    bad = (codes[:, 1] == 2) & (codes[:, 3] <= 2)
    errors = rng.random(n) < np.where(bad, 0.6, 0.15)
    losses = errors.astype(float) if is_binary else errors * rng.gamma(2.0, 1.0, n)
    reference = package.Slicefinder(alpha=0.9, k=8, max_l=4, min_sup=8, verbose=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference.fit(codes, losses)
    columns = tuple(
        Column(f"{j}", codes[:, j].astype(np.uint8), size + 1) for j, size in enumerate(sizes)
    )
    options = Options(
        k=8, conditions=4, min_share=0, min_rows=8, scoring="sliceline", alpha=0.9, threads=1
    )
    found = top(Space(columns), losses, options=options).slices
    statistics = reference.top_slices_statistics_
    np.testing.assert_allclose(
        [s.score for s in found], [row["slice_score"] for row in statistics], rtol=1e-9
    )
    np.testing.assert_allclose([s.n for s in found], [row["slice_size"] for row in statistics])
    theirs = {
        " & ".join(f"{j}={v}" for j, v in enumerate(row) if v is not None)
        for row in reference.top_slices_.tolist()
    }
    last = found[-1].score
    assert {s.box.text for s in found if s.score > last + 1e-9} <= theirs
