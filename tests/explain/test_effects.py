"""Effects: partial dependence as scikit-learn has it, accumulated effects as the formula has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.inspection import partial_dependence

import mispredict as mp
from mispredict.core.errors import BadOption, UnknownColumn

from .people import lender, loans


@pytest.fixture
def trees(ws: mp.Workspace) -> tuple[mp.Evaluation, Any, pd.DataFrame]:
    frame = loans()
    inputs = frame[["age", "income", "debt"]]
    model = HistGradientBoostingClassifier(max_iter=30, random_state=0)
    model.fit(inputs, frame["granted"])
    ws.add_dataset("loans", frame, label="granted", id="person", positive="yes")
    ws.add_model("trees", model)
    return ws.evaluate("trees", "loans"), model, inputs


def test_partial_dependence_is_that_of_scikit_learn(
    trees: tuple[mp.Evaluation, Any, pd.DataFrame],
) -> None:
    ev, model, inputs = trees
    grid = np.linspace(5, 80, 12)
    ours = ev.effects("income", grid=grid.tolist(), sample=None)
    theirs = partial_dependence(
        model, inputs, ["income"], method="brute", response_method="predict_proba",
        custom_values={"income": grid},
    )  # fmt: skip
    np.testing.assert_allclose([row.effect for row in ours.rows], theirs["average"][0], atol=1e-12)
    assert {row.n for row in ours.rows} == {len(inputs)}


def test_pairs_and_single_curves_are_those_of_scikit_learn(
    trees: tuple[mp.Evaluation, Any, pd.DataFrame],
) -> None:
    ev, model, inputs = trees
    income, debt = np.array([10.0, 40.0, 70.0]), np.array([5.0, 20.0])
    ours = ev.effects("income", "debt", grid={"income": income, "debt": debt}, sample=None)
    theirs = partial_dependence(
        model, inputs, ["income", "debt"], method="brute", response_method="predict_proba",
        custom_values={"income": income, "debt": debt},
    )  # fmt: skip
    np.testing.assert_allclose([r.effect for r in ours.rows], theirs["average"][0].ravel())
    assert [(r.value, r.other) for r in ours.rows][:3] == [(10.0, 5.0), (10.0, 20.0), (40.0, 5.0)]
    curves = ev.effects("income", kind="ice", grid=income.tolist(), sample=None)
    single = partial_dependence(
        model, inputs, ["income"], method="brute", response_method="predict_proba",
        kind="individual", custom_values={"income": income},
    )  # fmt: skip
    np.testing.assert_allclose([c.effects for c in curves.curves], single["individual"][0])
    assert len(curves.curves_frame()) == 3 * len(inputs)


def linear(rows: pd.DataFrame) -> np.ndarray:
    """A regression whose effects are known: slopes 2 and −3, and a product of the two."""
    a, b = rows["a"].to_numpy(float), rows["b"].to_numpy(float)
    return 2 * a - 3 * b + 0.5 * a * b


@pytest.fixture
def planes(ws: mp.Workspace) -> mp.Evaluation:
    random = np.random.default_rng(0)
    a = random.normal(0, 1, 400)
    frame = pd.DataFrame({"a": a, "b": 0.9 * a + random.normal(0, 0.3, 400)})
    frame["y"] = linear(frame)
    ws.add_dataset("planes", frame, label="y")
    ws.add_model("linear", linear, version="1")
    ws.add_model("plain", lambda rows: 2.0 * rows["a"] - 3 * rows["b"], version="1")
    ws.evaluate("linear", "planes")
    return ws.evaluate("plain", "planes")


def test_accumulated_effects_of_a_linear_model_are_its_slopes(planes: mp.Evaluation) -> None:
    for name, slope in (("a", 2.0), ("b", -3.0)):
        found = planes.effects(name, kind="ale", grid=10, sample=None)
        values = np.array([row.value for row in found.rows])
        effects = np.array([row.effect for row in found.rows])
        np.testing.assert_allclose(np.diff(effects), slope * np.diff(values), atol=1e-9)
        assert all(row.low <= row.effect <= row.high for row in found.rows)


def test_accumulated_effects_follow_the_formula(planes: mp.Evaluation, ws: mp.Workspace) -> None:
    """Against the estimator of Apley & Zhu (2020), equations 15 and 16, written out."""
    ev = ws.evaluation("linear/planes")
    frame = ev.dataset.to_frame(["a", "b"])
    found = ev.effects("a", kind="ale", grid=8, sample=None)
    edges = np.unique(np.quantile(frame["a"], np.linspace(0, 1, 9), method="inverted_cdf"))
    bins = np.clip(np.searchsorted(edges, frame["a"], side="left") - 1, 0, len(edges) - 2)
    up = linear(frame.assign(a=edges[bins + 1]))
    down = linear(frame.assign(a=edges[bins]))
    steps = pd.Series(up - down).groupby(bins).mean()
    heights = np.concatenate([[0], steps.cumsum()])
    counts = np.bincount(bins)
    centred = heights - np.average((heights[1:] + heights[:-1]) / 2, weights=counts)
    np.testing.assert_allclose([row.value for row in found.rows], edges)
    np.testing.assert_allclose([row.effect for row in found.rows], centred, atol=1e-12)


def test_a_pair_accumulates_what_the_two_do_together_alone(
    planes: mp.Evaluation, ws: mp.Workspace
) -> None:
    alone = planes.effects("a", "b", kind="ale", grid=4, sample=None)
    np.testing.assert_allclose([row.effect for row in alone.rows], 0, atol=1e-9)
    together = ws.evaluation("linear/planes").effects("a", "b", kind="ale", grid=4, sample=None)
    table = together.to_frame().pivot(index="value", columns="other", values="effect")
    steps = np.diff(np.diff(table.to_numpy(), axis=0), axis=1)
    sizes = np.outer(np.diff(table.index), np.diff(table.columns))
    filled = ~np.isclose(steps, 0)
    np.testing.assert_allclose((steps / sizes)[filled][0], 0.5, atol=0.2)


def test_places_without_data_are_said_to_be(ev: mp.Evaluation) -> None:
    found = ev.effects("age", grid=[20, 50, 200])
    assert [row.has_data for row in found.rows] == [True, True, False]
    assert found.rows[2].rows == 0
    assert "1 of 3 places" in found.note
    assert sum(row.share for row in found.rows) == pytest.approx(1)


def test_categories_and_booleans_have_all_their_values(ev: mp.Evaluation) -> None:
    city = ev.effects("city", target="yes", sample=None)
    assert {row.value for row in city.rows} == {"Rome", "Oslo", "Bern"}
    expected = lender(loans().assign(city="Oslo"))["yes"].mean()
    oslo = next(row for row in city.rows if row.value == "Oslo")
    assert oslo.effect == pytest.approx(expected)
    assert oslo.low < expected < oslo.high
    assert {row.value for row in ev.effects("member").rows} == {True, False}
    assert city.measure == "probability of yes"
    assert ev.effects("city", target="no").rows[0].effect == pytest.approx(
        1 - ev.effects("city", target="yes").rows[0].effect
    )


def test_times_have_a_grid_of_times(ev: mp.Evaluation) -> None:
    rows = ev.effects("since", grid=5).rows
    assert rows[0].value.startswith("2024-01")
    assert len({round(row.effect, 9) for row in rows}) == 1


def test_a_cohort_is_what_is_asked_about(ev: mp.Evaluation) -> None:
    found = ev.effects("income", where="city = 'Oslo'", sample=30, grid=4)
    assert found.source.where == "city = 'Oslo'"
    assert found.source.n == 30
    assert found.to_frame().columns.tolist()[:3] == ["value", "other", "effect"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("agee",), "no column 'agee'"),
        (("person",), "'person' cannot be varied"),
        (("age", "age"), "given twice"),
    ],
    ids=["name", "id", "twice"],
)
def test_columns_that_cannot_be_varied_are_refused(
    ev: mp.Evaluation, arguments: tuple[str, ...], problem: str
) -> None:
    with pytest.raises((BadOption, UnknownColumn), match=problem):
        ev.effects(*arguments)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"kind": "curve"}, "kind='curve'"),
        ({"kind": "ice", "other": "debt"}, "curves of single rows"),
        ({"grid": 1}, "grid=1"),
        ({"grid": ["old"]}, "'old' in it, which is no number"),
        ({"grid": [30.5]}, "30.5 in it, which is no whole number"),
        ({"target": "maybe"}, "target='maybe' is no class"),
        ({"sample": 0}, "sample=0"),
        ({"grid": {"city": 3}}, "no column 'city' in the grid"),
    ],
    ids=["kind", "pair", "few", "word", "half", "class", "sample", "grid"],
)
def test_options_that_cannot_be_are_refused(
    ev: mp.Evaluation, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises((BadOption, UnknownColumn), match=problem) as error:
        ev.effects("age", **options)
    assert error.value.hint


def test_categories_have_no_order_to_accumulate_along(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="no order to accumulate") as error:
        ev.effects("city", kind="ale")
    assert error.value.hint == "kind='pdp'"
