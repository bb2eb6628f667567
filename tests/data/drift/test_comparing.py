from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mispredict.core.predicate import parse
from mispredict.data.drift.comparing import Compared, compare, judged
from mispredict.data.drift.results import DriftRow
from mispredict.engine.kernels import bins

from .conftest import named, rows, side


def compared(first: pd.DataFrame, second: pd.DataFrame, errors: object = None) -> Compared:
    return compare(side(first, errors), side(second), named(first))


def drifted(first: pd.DataFrame, second: pd.DataFrame, errors: object = None) -> list[DriftRow]:
    found = compared(first, second, errors)
    return list(judged(found.rows, level=0.95, measure="error rate"))


@pytest.mark.parametrize(
    ("values", "direction", "where"),
    [
        pytest.param(lambda r, n: r.normal(1, 1, n), "higher", "x >=", id="higher"),
        pytest.param(lambda r, n: r.normal(-1, 1, n), "lower", "x <", id="lower"),
        pytest.param(lambda r, n: r.normal(0, 0.4, n), "narrower", "x >=", id="narrower"),
        pytest.param(
            lambda r, n: np.where(r.random(n) < 0.4, np.nan, r.normal(size=n)),
            "more missing",
            "x IS NULL",
            id="missing",
        ),
    ],
)
def test_the_direction_and_the_cohort_of_numbers(values, direction: str, where: str) -> None:
    rng = np.random.default_rng(0)
    first = pd.DataFrame({"x": rng.normal(size=3_000)})
    second = pd.DataFrame({"x": values(rng, 3_000)})
    (row,) = drifted(first, second)
    assert (row.verdict, row.direction) == ("drift", direction)
    assert row.where.startswith(where)
    assert row.change_low <= row.change <= row.change_high
    assert row.change_low > 0
    assert row.sentence.startswith("x, ")


def selected(frame: pd.DataFrame, where: str) -> int:
    """How many rows a cohort has."""
    table = side(frame).table
    return int(table.mask(parse(where, table.fields)).sum())


def test_shares_are_those_of_the_cohort() -> None:
    first, second = rows(3_000, 1), rows(3_000, 2, 1.0)
    for row in drifted(first, second):
        if row.verdict == "drift":
            assert row.reference_share == pytest.approx(selected(first, row.where) / 3_000)
            assert row.current_share == pytest.approx(selected(second, row.where) / 3_000)


def test_names_meet_by_what_they_are() -> None:
    first = pd.DataFrame({"city": ["Rome"] * 600 + ["Oslo"] * 400})
    second = pd.DataFrame({"city": ["Bern"] * 500 + ["Oslo"] * 300 + ["Rome"] * 200})
    (row,) = drifted(first, second)
    assert row.where == "city = 'Bern'"
    assert (row.reference_share, row.current_share) == (0, 0.5)
    (shape,) = compared(first, second).distributions
    assert dict(zip(shape.label, shape.reference_n, strict=True)) == {
        "Rome": 600,
        "Oslo": 400,
        "Bern": 0,
    }
    assert dict(zip(shape.label, shape.current_n, strict=True))["Bern"] == 500


@pytest.mark.parametrize("swap", [False, True], ids=["values then bins", "bins then values"])
def test_few_numbers_meet_many(swap: bool) -> None:
    rng = np.random.default_rng(0)
    few = pd.DataFrame({"x": rng.integers(0, 10, 2_000).astype(float)})
    many = pd.DataFrame({"x": rng.uniform(0, 10, 2_000)})
    first, second = (many, few) if swap else (few, many)
    (counted,) = compared(first, second).counts
    assert counted.reference.sum() == counted.current.sum() == 2_000
    assert len(counted.reference) == len(counted.current) == counted.book.size


def test_binned_counts_are_those_of_numpy() -> None:
    first, second = rows(3_000, 1), rows(2_000, 2)
    found = {item.column.name: item for item in compared(first, second).counts}
    for name in ("normal0", "skewed", "holed"):
        counted = found[name]
        edges = counted.book.edges()
        inner = np.searchsorted(edges[1:-1], second[name].dropna(), side="right")
        expected = np.bincount(inner, minlength=len(edges) - 1)
        assert counted.current[1:].tolist() == expected.tolist()
        assert counted.current[0] == second[name].isna().sum()


@pytest.mark.parametrize("has_numba", [True, False], ids=["numba", "numpy"])
@pytest.mark.parametrize("edges", [0, 1, 7, 63, 64, 300])
def test_bins_are_found(edges: int, has_numba: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_numba:
        monkeypatch.setenv("MISPREDICT_NUMBA", "0")
    rng = np.random.default_rng(edges)
    inner = np.sort(rng.normal(size=edges))
    values = np.concatenate([rng.normal(size=5_000), inner, [np.inf, -np.inf, np.nan]])
    expected = np.searchsorted(inner, values, side="right") + 1
    expected[np.isnan(values)] = 0
    assert bins.bin_codes(values, inner).tolist() == expected.tolist()


def test_the_cost_is_what_reweighting_gives() -> None:
    rng = np.random.default_rng(0)
    first = pd.DataFrame({"kind": rng.choice(["easy", "hard"], 4_000, p=[0.8, 0.2])})
    second = pd.DataFrame({"kind": rng.choice(["easy", "hard"], 4_000, p=[0.5, 0.5])})
    errors = (rng.random(4_000) < np.where(first["kind"] == "hard", 0.5, 0.1)).astype(float)
    (row,) = drifted(first, second, errors)
    rate = pd.Series(errors).groupby(first["kind"]).mean()
    shares = second["kind"].value_counts(normalize=True)
    assert row.cost == pytest.approx(float((rate * shares).sum() - errors.mean()))
    assert row.cost_low < 0.12 < row.cost_high
    assert "adds" in row.sentence


def test_the_interval_of_the_cost_holds() -> None:
    held = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        first = pd.DataFrame({"kind": rng.choice(["easy", "hard"], 1_000, p=[0.8, 0.2])})
        second = pd.DataFrame({"kind": rng.choice(["easy", "hard"], 800, p=[0.6, 0.4])})
        errors = (rng.random(1_000) < np.where(first["kind"] == "hard", 0.5, 0.1)).astype(float)
        (row,) = compared(first, second, errors).rows
        held.append(row.cost_low <= 0.2 * 0.4 <= row.cost_high)
    assert 0.91 <= np.mean(held) <= 0.99


def test_what_costs_most_comes_first() -> None:
    rng = np.random.default_rng(0)
    n = 4_000
    first = pd.DataFrame({"mild": rng.normal(size=n), "wild": rng.normal(size=n)})
    second = pd.DataFrame({"mild": rng.normal(0.5, 1, n), "wild": rng.normal(2, 1, n)})
    errors = (rng.random(n) < np.where(first["mild"] > 0, 0.6, 0.05)).astype(float)
    found = drifted(first, second, errors)
    assert [row.column for row in found] == ["mild", "wild"]


def test_bars_hold_all_rows(reference: pd.DataFrame) -> None:
    found = compared(reference, rows(3_000, 5, 0.5))
    for shape in found.distributions:
        assert len(shape.label) <= 24
        if not shape.more:
            assert sum(shape.reference_n) == 4_000
            assert sum(shape.current) == pytest.approx(1)
        for where, n in zip(shape.where, shape.reference_n, strict=True):
            assert selected(reference, where) == n
