"""Budgets, wide and ragged data, and answers that are designed to be empty."""

from __future__ import annotations

from threading import Event, Lock

import numpy as np
import pytest

from mispredict.cohorts.search.options import Options
from mispredict.cohorts.search.search import distinct, top
from mispredict.cohorts.search.space import Box, Column, Condition, Space
from mispredict.core.errors import BadOption


def space(rng: np.random.Generator, n: int, *, named: int = 3, ordered: int = 3) -> Space:
    columns = [Column(f"c{j}", rng.integers(1, 6, n).astype(np.uint8), 6) for j in range(named)]
    columns += [
        Column(f"x{j}", rng.integers(1, 41, n).astype(np.uint8), 41, True) for j in range(ordered)
    ]
    return Space(tuple(columns))


@pytest.mark.parametrize("rate", [0.0, 1.0], ids=["no errors", "all wrong"])
def test_even_errors_have_no_slices(rate: float) -> None:
    rng = np.random.default_rng(0)
    found = top(space(rng, 500), np.full(500, bool(rate)))
    assert found.slices == ()
    assert found.is_exhausted


@pytest.mark.parametrize("columns", [0, 1], ids=["no columns", "one code"])
def test_nothing_to_ask_for(columns: int) -> None:
    data = Space(
        tuple(Column("a", np.ones(0 if not columns else 9, np.uint8), 2) for _ in range(columns))
    )
    errors = np.arange(data.n) % 2 == 0
    assert top(data, errors).slices == ()
    assert distinct(data, errors).slices == ()


def test_missing_is_a_value() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 10, 4_000).astype(np.uint8)
    errors = rng.random(4_000) < np.where(codes == 0, 0.5, 0.1)
    for is_ordered in (True, False):
        found = distinct(Space((Column("a", codes, 10, is_ordered),)), errors)
        assert found.slices[0].box == Box.of([Condition("a", 0, 0)])


def test_range_is_found_across_fine_codes() -> None:
    rng = np.random.default_rng(2)
    codes = rng.integers(1, 200, 60_000).astype(np.uint8)
    bad = (codes >= 57) & (codes <= 91)
    errors = rng.random(60_000) < np.where(bad, 0.4, 0.1)
    found = distinct(Space((Column("a", codes, 200, True),)), errors, options=Options(floor=0.0))
    assert [item.box.text for item in found.slices] == ["a=57..91"]


def test_ends_move_to_numbers_of_the_data() -> None:
    rng = np.random.default_rng(3)
    numbers = rng.normal(size=80_000)
    codes = (
        np.searchsorted(np.quantile(numbers, np.linspace(0, 1, 21)[1:-1]), numbers) + 1
    ).astype(np.uint8)
    bad = (numbers > 0.33) & (numbers < 0.71)
    errors = rng.random(80_000) < np.where(bad, 0.5, 0.1)
    data = Space((Column("a", codes, 21, True, load=lambda: numbers),))
    (found,) = distinct(data, errors, options=Options(floor=0.0)).slices
    (condition,) = found.box.conditions
    assert condition.ends == pytest.approx((0.33, 0.71), abs=0.005)
    assert found.n == np.count_nonzero(found.box.mask(data))


def test_each_further_slice_is_the_best_of_the_rows_left() -> None:
    rng = np.random.default_rng(4)
    data = space(rng, 30_000, ordered=0)
    first = data.columns[0].codes == 1
    second = data.columns[1].codes == 2
    errors = rng.random(30_000) < np.where(first | second, 0.3, 0.1)
    found = distinct(data, errors, options=Options(floor=0.0, k=5))
    assert {item.box.text for item in found.slices} == {"c0=1", "c1=2"}
    assert found.slices[1].n < np.count_nonzero(found.slices[1].box.mask(data))


def test_wide_data_end_within_the_budget() -> None:
    rng = np.random.default_rng(5)
    n, width = 20_000, 500
    codes = rng.integers(1, 33, (width, n)).astype(np.uint8)
    data = Space(tuple(Column(f"x{j}", codes[j], 33, True) for j in range(width)))
    bad = (codes[123] <= 8) & (codes[400] >= 20)
    errors = rng.random(n) < np.where(bad, 0.5, 0.1)
    distinct(space(rng, 100), rng.random(100) < 0.3)  # compile before the clock runs
    found = distinct(data, errors, options=Options(budget_s=3.0, floor=0.0, k=3))
    assert not found.is_exhausted
    assert {c.column for c in found.slices[0].box.conditions} == {"x123", "x400"}


def test_many_values_and_rare_ones() -> None:
    rng = np.random.default_rng(6)
    n = 50_000
    codes = rng.integers(100, 50_000, n).astype(np.uint16)
    codes[:2_000] = 7
    other = rng.integers(1, 4, n).astype(np.uint8)
    errors = rng.random(n) < np.where(codes == 7, 0.5, 0.1)
    data = Space((Column("user", codes, 50_000), Column("kind", other, 4)))
    found = distinct(data, errors, options=Options(floor=0.0))
    assert [item.box.text for item in found.slices] == ["user=7"]
    assert found.is_exhausted


def test_cancelled_search_returns_what_it_has() -> None:
    rng = np.random.default_rng(7)
    data = space(rng, 2_000)
    calls = iter(range(10_000))
    found = distinct(data, rng.random(2_000) < 0.2, cancel=lambda: next(calls) > 12)
    assert not found.is_exhausted
    assert distinct(data, rng.random(2_000) < 0.2, cancel=lambda: True).slices == ()


def test_progress_counts_up_to_the_total_of_each_level() -> None:
    rng = np.random.default_rng(8)
    seen: list[tuple[int, int, int]] = []
    top(
        space(rng, 500),
        rng.random(500) < 0.2,
        options=Options(threads=1),
        progress=lambda *args: seen.append(args),
    )
    assert [item for item in seen if item[1] == item[2]] == [(1, 6, 6), (2, 15, 15), (3, 20, 20)]
    assert seen == sorted(seen)


def test_progress_goes_up_though_threads_overtake_one_another() -> None:
    rng = np.random.default_rng(8)
    seen: list[tuple[int, int, int]] = []
    first, overtaken = Lock(), Event()

    def watch(*step: int) -> None:
        if 0 < step[1] < step[2] and first.acquire(blocking=False):
            overtaken.wait(0.5)  # who came later may not be heard before
        seen.append(step)  # type: ignore[arg-type]
        if first.locked():
            overtaken.set()

    data = space(rng, 500, named=8, ordered=8)
    top(data, rng.random(500) < 0.2, options=Options(threads=4), progress=watch)
    assert first.locked()
    steps = [step for step in seen if step[0]]
    assert steps == sorted(steps)


@pytest.mark.parametrize(
    "change",
    [{"conditions": 5}, {"k": 0}, {"min_share": 1.5}, {"alpha": 0.0}, {"scoring": "best"}],
    ids=str,
)
def test_options_out_of_range(change: dict[str, object]) -> None:
    with pytest.raises(BadOption):
        Options(**change)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_errors_must_be_finite_and_not_negative(value: float) -> None:
    data = space(np.random.default_rng(9), 10)
    with pytest.raises(BadOption, match="finite"):
        top(data, np.full(10, value))
    with pytest.raises(BadOption, match="3 errors for 10 rows"):
        top(data, np.zeros(3))


def test_columns_must_fit_together() -> None:
    one, two = np.ones(3, np.uint8), np.ones(4, np.uint8)
    with pytest.raises(BadOption, match="same name"):
        Space((Column("a", one, 2), Column("a", one, 2)))
    with pytest.raises(BadOption, match="numbers of rows"):
        Space((Column("a", one, 2), Column("b", two, 2)))
