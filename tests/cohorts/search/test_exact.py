"""The search finds exactly what counting every slice one by one finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.cohorts.search.options import Options
from mispredict.cohorts.search.search import top
from mispredict.cohorts.search.space import Column, Slice, Space

from . import brute

WIDEST = 6


@st.composite
def problems(draw: st.DrawFn) -> tuple[Space, np.ndarray]:
    """A few small columns and errors, sometimes with a missing value or an empty code."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(4, 70))
    columns = []
    for j in range(draw(st.integers(1, 4))):
        size = draw(st.integers(2, WIDEST))
        low = draw(st.integers(0, 1))
        codes = rng.integers(low, size, n).astype(np.uint8)
        columns.append(Column(f"c{j}", codes, size, draw(st.booleans())))
    errors = rng.random(n) < draw(st.sampled_from([0.1, 0.3, 0.7]))
    return Space(tuple(columns)), errors


def rounded(slices: tuple[Slice, ...] | list[Slice]) -> list[tuple[object, ...]]:
    return [(s.n, round(s.errors, 9), round(s.score, 9)) for s in slices]


def same(found: tuple[Slice, ...], wanted: list[Slice]) -> None:
    """Equal but for the order of slices whose scores differ by rounding alone."""
    np.testing.assert_allclose([s.score for s in found], [s.score for s in wanted], rtol=1e-9)
    last = wanted[-1].score if wanted else 0.0
    sure = {s.box.text for s in wanted if s.score > last + 1e-9}
    assert sure <= {s.box.text for s in found}
    by_text = {s.box.text: s for s in wanted}
    for item in found:
        if item.box.text in by_text:
            assert (item.n, item.errors) == (
                by_text[item.box.text].n,
                by_text[item.box.text].errors,
            )


@pytest.mark.parametrize("is_compiled", [True, False], ids=["numba", "numpy"])
@pytest.mark.parametrize("with_ranges", [True, False], ids=["ranges", "codes"])
@pytest.mark.parametrize("scoring", ["significance", "sliceline"])
@given(problem=problems(), conditions=st.integers(1, 4), k=st.integers(1, 12))
@settings(max_examples=60, deadline=None)
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
    if not errors.any() or errors.all():
        assert not found.slices or scoring == "sliceline"
        return
    same(found.slices, brute.search(space, errors, options=options, prices=scoring != "sliceline"))
    assert found.is_exhausted
