"""The search finds exactly what counting every slice one by one finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.cohorts.search.find import find
from mispredict.cohorts.search.options import Options
from mispredict.cohorts.search.search import distinct, top
from mispredict.cohorts.search.space import Column, Slice, Space

from . import brute
from .planted import plant

WIDEST = 6


@st.composite
def problems(draw: st.DrawFn, *, is_binary: bool = True) -> tuple[Space, np.ndarray]:
    """A few small columns and errors, sometimes with a missing value or an empty code."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(4, 70))
    columns = []
    for j in range(draw(st.integers(1, 4))):
        size = draw(st.integers(2, WIDEST))
        codes = rng.integers(draw(st.integers(0, 1)), size, n).astype(np.uint8)
        columns.append(Column(f"c{j}", codes, size, draw(st.booleans())))
    rate = draw(st.sampled_from([0.1, 0.3, 0.7]))
    errors = rng.random(n) < rate if is_binary else rng.gamma(0.5, 3.0, n)
    return Space(tuple(columns)), errors


def same(found: tuple[Slice, ...], wanted: list[Slice]) -> None:
    """Equal but for the order of slices whose scores differ by rounding alone."""
    np.testing.assert_allclose([s.score for s in found], [s.score for s in wanted], rtol=1e-9)
    last = wanted[-1].score if wanted else 0.0
    by_text = {s.box.text: s for s in wanted}
    sure = {s.box.text for s in wanted if s.score > last + 1e-9}
    assert sure <= {s.box.text for s in found}
    for item in found:
        if item.box.text in by_text:
            equal = by_text[item.box.text]
            assert item.n == equal.n
            assert item.errors == pytest.approx(equal.errors, rel=1e-12)


@pytest.mark.parametrize("is_compiled", [True, False], ids=["numba", "numpy"])
@pytest.mark.parametrize("with_ranges", [True, False], ids=["ranges", "codes"])
@pytest.mark.parametrize("scoring", ["significance", "sliceline"])
@given(problem=problems(), conditions=st.integers(1, 4), k=st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_search_equals_counting_every_slice(
    problem: tuple[Space, np.ndarray],
    conditions: int,
    k: int,
    scoring: str,
    with_ranges: bool,
    is_compiled: bool,
) -> None:
    space, errors = problem
    options = Options(
        k=k,
        conditions=conditions,
        min_share=0.05,
        min_rows=2,
        with_ranges=with_ranges,
        scoring=scoring,  # type: ignore[arg-type]
        alpha=0.8,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MISPREDICT_NUMBA", "1" if is_compiled else "0")
        found = top(space, errors, options=options)
    is_even = not errors.any() or errors.all()
    wanted = [] if is_even else brute.search(space, errors, options)
    same(found.slices, wanted)
    assert found.is_exhausted


@pytest.mark.parametrize("scoring", ["significance", "sliceline"])
@given(problem=problems(is_binary=False), conditions=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_search_is_exact_for_real_losses(
    problem: tuple[Space, np.ndarray], conditions: int, scoring: str
) -> None:
    space, errors = problem
    options = Options(
        k=7,
        conditions=conditions,
        min_share=0.1,
        min_rows=2,
        scoring=scoring,
        alpha=0.9,  # type: ignore[arg-type]
    )
    found = top(space, errors, options=options)
    same(found.slices, brute.search(space, errors, options))


@given(problem=problems(), seed=st.integers(0, 1000), threads=st.sampled_from([1, 2]))
@settings(max_examples=60, deadline=None)
def test_order_of_rows_and_columns_does_not_matter(
    problem: tuple[Space, np.ndarray], seed: int, threads: int
) -> None:
    space, errors = problem
    options = Options(k=5, min_share=0.05, conditions=3)
    rng = np.random.default_rng(seed)
    order = rng.permutation(space.n)
    columns = [space.columns[j] for j in rng.permutation(len(space.columns))]
    shuffled = Space(tuple(columns)).rows(order)
    other = Options(k=5, min_share=0.05, conditions=3, threads=threads)
    for search in (top, distinct):
        first = search(space, errors, options=options)
        second = search(shuffled, errors[order], options=other)
        assert first.slices == second.slices
        assert first.searched == second.searched


@given(problem=problems(), conditions=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_whole_weights_are_repeated_rows(
    problem: tuple[Space, np.ndarray], conditions: int
) -> None:
    """The score of SliceLine, which has no notion of chance, sees no difference."""
    space, errors = problem
    times = np.random.default_rng(space.n).integers(1, 4, space.n)
    repeated = np.repeat(np.arange(space.n), times)
    options = Options(k=5, conditions=conditions, min_share=0.1, scoring="sliceline", alpha=0.9)
    weighted = top(space, errors, weights=times.astype(float), options=options)
    plain = top(space.rows(repeated), errors[repeated], options=options)
    np.testing.assert_allclose(
        [s.score for s in weighted.slices], [s.score for s in plain.slices], rtol=1e-9
    )
    np.testing.assert_allclose(
        [s.size for s in weighted.slices], [s.n for s in plain.slices], rtol=1e-9
    )


def test_findings_do_not_depend_on_threads_numba_or_order(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = plant(3, n=6_000, conditions=()).space.columns
    space = Space(columns[3:7] + columns[10:13])
    rng = np.random.default_rng(0)
    bad = (columns[4].codes == 2) & (columns[10].codes > 20)
    errors = rng.random(space.n) < np.where(bad, 0.6, 0.1)
    order = rng.permutation(space.n)
    keys = np.arange(space.n)
    options = Options(k=4, floor=-5.0, min_share=0.01)
    first = find(space, errors, options=options)
    shuffled = find(space.rows(order), errors[order], keys=keys[order], options=options)
    monkeypatch.setenv("MISPREDICT_NUMBA", "0")
    slow = find(space, errors, options=Options(k=4, floor=-5.0, min_share=0.01, threads=1))
    assert first.slices
    assert first.slices == shuffled.slices == slow.slices
