"""Counterfactuals are what they say, and keep every rule."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mispredict as mp
from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.explain.counterfactuals.results import Counterfactual
from mispredict.models.protocol import Cancelled

from .people import evaluated, lender, loans, scores

INPUTS = ["age", "income", "debt", "city", "member", "since"]


def changed(row: Counterfactual) -> pd.DataFrame:
    """The counterfactual as a row of the data."""
    frame = loans().iloc[[row.row]].reset_index(drop=True)
    for change in row.changes:
        value = pd.Timestamp(change.after) if change.column == "since" else change.after
        frame[change.column] = pd.Series([value], dtype=frame[change.column].dtype)
    return frame


def test_all_are_predicted_as_wanted_and_told_as_they_are(ev: mp.Evaluation) -> None:
    found = ev.counterfactuals(where="prediction = 'no'", target="yes", sample=40)
    assert found.success == 1
    assert found.invalid == 0
    for row in found.rows:
        frame = changed(row)
        assert lender(frame)["yes"][0] == pytest.approx(row.probability)
        assert scores(frame)[0] > 0
        assert (row.before, row.prediction) == ("no", "yes")
        assert row.changed == len(row.changes) > 0
        assert 0 <= row.plausibility <= 1
        assert ev.to_frame(["prediction"])["prediction"][row.nearest] == "yes"
    assert (found.asked, found.found) == (40, 40)
    assert found.low < 1 == found.high
    assert found.queries.rows <= 40 * 1000
    assert ev.mask(found.where).any()


def test_they_are_about_as_small_as_they_can_be(ev: mp.Evaluation) -> None:
    """Beside the exact answer for one feature: the line on which the score is nought."""
    frame = loans()
    rows = np.flatnonzero((scores(frame) < -0.2) & frame["income"].notna().to_numpy())[:15]
    found = ev.counterfactuals(rows.tolist(), vary=["debt"])
    for number in rows.tolist():
        mine = [row for row in found.rows if row.row == number and row.answer == 1]
        needed = frame["debt"][number] + 5 * float(scores(frame.iloc[[number]])[0])
        if needed < frame["debt"].min():
            assert not mine
        else:
            [best] = mine
            assert best.changes[0].after == pytest.approx(needed, abs=0.35)
            assert best.changes[0].after <= needed


def test_answers_are_alternatives(ev: mp.Evaluation) -> None:
    """None changes all that a better one does by as much, and perhaps more."""
    rows = np.flatnonzero(scores(loans()) < -0.5)[:10].tolist()
    found = ev.counterfactuals(rows, k=3)
    assert len(found) > 20
    for number in rows:
        mine = [row for row in found.rows if row.row == number]
        assert [row.answer for row in mine] == list(range(1, len(mine) + 1))
        sizes = [
            {c.column: abs(c.after - c.before) if is_number(c) else 1 for c in row.changes}
            for row in mine
        ]
        for better, worse in itertools.combinations(sizes, 2):
            assert not all(worse.get(name, 0) >= size for name, size in better.items())


def is_number(change: Any) -> bool:
    return isinstance(change.before, (int, float)) and isinstance(change.after, (int, float))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_rule_is_kept(ev: mp.Evaluation, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 299), label="row")
    vary = data.draw(st.none() | st.lists(st.sampled_from(INPUTS), min_size=3, unique=True))
    immutable = data.draw(st.lists(st.sampled_from(["age", "member", "since"]), max_size=2))
    low = data.draw(st.integers(0, 40_000), label="low") / 1000  # with digits as people write
    ranges: dict[str, Any] = {
        "income": (low, low + data.draw(st.floats(1, 60))),
        "city": data.draw(st.lists(st.sampled_from(["Rome", "Oslo", "Bern"]), min_size=1)),
    }
    monotone = data.draw(
        st.dictionaries(
            st.sampled_from(["age", "income", "debt", "since"]),
            st.sampled_from(["increase", "decrease"]),
        ),
        label="monotone",
    )
    if vary is not None and not set(vary) - set(immutable):
        return
    found = ev.counterfactuals(
        number, vary=vary, immutable=immutable, ranges=ranges, monotone=monotone,
        integer=["debt"], k=3, tries=300, seed=data.draw(st.integers(0, 3)),
    )  # fmt: skip
    frame = loans()
    for row in found.rows:
        after_all = scores(changed(row))[0]  # at the boundary rounding decides
        is_flipped = (after_all > 0) != (scores(frame.iloc[[number]])[0] > 0)
        assert is_flipped or abs(after_all) < 1e-12
        for change in row.changes:
            name, after = change.column, change.after
            assert vary is None or name in vary
            assert name not in immutable
            assert after != change.before
            if name == "city":
                assert after in ranges["city"]
                continue
            if name in ("member",):
                continue
            if name == "income":
                assert ranges["income"][0] <= after <= ranges["income"][1]
                assert round(after, 1) == after
            if name in ("age", "debt"):
                assert after == int(after)
            if name == "age":
                assert frame["age"].min() <= after <= frame["age"].max()
            if name in monotone and change.before is not None:
                assert (after > change.before) == (monotone[name] == "increase")


def test_costs_decide_what_is_changed(ev: mp.Evaluation) -> None:
    rows = np.flatnonzero((scores(loans()) < -0.1) & loans()["income"].notna()).tolist()[:15]
    cheap_debt = ev.counterfactuals(rows, costs={"income": 20}, vary=["income", "debt"], k=1)
    cheap_income = ev.counterfactuals(rows, costs={"debt": 20}, vary=["income", "debt"], k=1)

    def share(name: str, found: Any) -> float:
        return float(np.mean([row.changes[0].column == name for row in found.rows]))

    assert share("debt", cheap_debt) > 0.7
    assert share("income", cheap_income) > 0.7


def test_the_same_seed_gives_the_same_and_other_rows_do_not_matter(ev: mp.Evaluation) -> None:
    alone = ev.counterfactuals(7, seed=5)
    together = ev.counterfactuals([9, 7, 30, 7], seed=5)
    assert [row for row in together.rows if row.row == 7] == list(alone.rows)
    assert ev.counterfactuals(7, seed=5).rows == alone.rows


def test_rows_that_are_as_wanted_are_skipped(ev: mp.Evaluation) -> None:
    found = ev.counterfactuals(where="prediction = 'yes'", target="yes", sample=10)
    assert (found.asked, found.skipped, len(found)) == (0, 10, 0)
    assert found.note == "Every row is predicted as wanted already."
    assert np.isnan(found.success)


def test_where_nothing_can_be_found_that_is_said(ev: mp.Evaluation) -> None:
    found = ev.counterfactuals(where="TRUE", sample=20, vary=["age", "since"])
    assert (found.found, found.success) == (0, 0)
    assert found.high > 0
    assert "For 20 rows nothing was found" in found.note


def test_the_budget_is_kept(ws: mp.Workspace) -> None:
    asked = []

    def counting(frame: pd.DataFrame) -> pd.DataFrame:
        asked.append(len(frame))
        return lender(frame)

    ev = evaluated(ws, counting)
    asked.clear()
    found = ev.counterfactuals([0, 1, 2, 3], tries=20)
    assert sum(asked) <= 4 * 20 + 4 + len(found.rows)
    assert found.queries.is_spent
    assert "The budget ended" in found.note
    assert found.queries.rows == sum(asked)
    assert found.queries.calls == len(asked)


def test_a_search_needs_few_calls(ws: mp.Workspace) -> None:
    """So that a model that takes long per call, such as a server, is no trouble."""
    calls = []

    def counting(frame: pd.DataFrame) -> pd.DataFrame:
        calls.append(len(frame))
        return lender(frame)

    ev = evaluated(ws, counting)
    calls.clear()
    ev.counterfactuals(where="prediction = 'no'", sample=30)
    assert len(calls) < 60
    assert np.mean(calls) > 50


def test_a_search_can_be_stopped_and_tells_how_far_it_is(ws: mp.Workspace) -> None:
    ev = evaluated(ws)
    told: list[tuple[int, int]] = []
    ev.counterfactuals([0, 1], progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert all(done <= total for done, total in told)
    with pytest.raises(Cancelled, match="stopped after"):
        ev.counterfactuals([2, 3], cancel=lambda: True)


def test_a_model_without_probabilities_is_no_trouble(ws: mp.Workspace) -> None:
    ev = evaluated(ws, lambda frame: np.where(scores(frame) > 0, "yes", "no"))
    found = ev.counterfactuals(where="prediction = 'no'", sample=20)
    assert found.success > 0.9
    assert all(scores(changed(row))[0] > 0 for row in found.rows)
    assert all(np.isnan(row.probability) for row in found.rows)


def test_a_model_that_cannot_take_some_rows_is_told_and_not_fatal(ws: mp.Workspace) -> None:
    state = {"is_picky": False}

    def picky(frame: pd.DataFrame) -> pd.DataFrame:
        odd = (frame["city"] == "Oslo") & (frame["income"] > 60)
        if odd.any() and state["is_picky"]:
            raise ValueError("rich people of Oslo are beyond me")
        return lender(frame)

    ev = evaluated(ws, picky)
    state["is_picky"] = True
    found = ev.counterfactuals(where="prediction = 'no'", sample=10)
    assert found.success == 1
    assert found.queries.failed > 0
    assert "beyond me" in found.note


def test_of_a_regression_a_range_is_wanted(ws: mp.Workspace) -> None:
    frame = loans().assign(price=lambda rows: scores(rows) * 10).drop(columns="granted")
    ws.add_dataset("prices", frame, label="price", id="person")
    ws.add_model("prices", lambda rows: scores(rows) * 10, version="1")
    ev = ws.evaluate("prices", "prices")
    found = ev.counterfactuals(where="prediction < 0", target=(5, 10), sample=10)
    assert found.success == 1
    assert all(5 <= row.prediction <= 10 for row in found.rows)
    open_end = ev.counterfactuals(0, target=(None, -5))
    assert all(row.prediction <= -5 for row in open_end.rows)
    for wrong in (None, "high", (10, 5), (None, None), (1, 2, 3)):
        with pytest.raises(BadOption, match="is no range of values") as error:
            ev.counterfactuals(0, target=wrong)
        assert "Predictions go from" in error.value.known


def test_many_classes_go_to_the_one_that_is_wanted_or_to_any(ws: mp.Workspace) -> None:
    def three(frame: pd.DataFrame) -> pd.DataFrame:
        score = scores(frame)
        odds = np.exp(np.column_stack([-2 * score, np.ones(len(frame)), 2 * score]))
        return pd.DataFrame(
            odds / odds.sum(axis=1, keepdims=True), columns=["no", "perhaps", "yes"]
        )

    frame = loans()
    frame["granted"] = three(frame).idxmax(axis=1)
    ws.add_dataset("loans", frame, label="granted", id="person")
    ws.add_model("three", three, version="1")
    ev = ws.evaluate("three", "loans")
    found = ev.counterfactuals(where="prediction = 'no'", target="yes", sample=10)
    assert {row.prediction for row in found.rows} == {"yes"}
    free = ev.counterfactuals(where="TRUE", sample=20)
    assert free.success == 1
    assert all(row.prediction != row.before for row in free.rows)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"vary": ["agee"]}, "no column 'agee'"),
        ({"vary": []}, "no feature may change"),
        ({"immutable": INPUTS}, "no feature may change"),
        ({"ranges": {"age": (60, 20)}}, "holds no value"),
        ({"ranges": {"age": 60}}, "cannot be used"),
        ({"ranges": {"city": ["Paris"]}}, "'Paris', which no row has"),
        ({"monotone": {"age": "up"}}, "='up' is not a choice"),
        ({"monotone": {"city": "increase"}}, "has no order"),
        ({"integer": ["city"]}, "has no order"),
        ({"costs": {"age": 0}}, "cannot be used"),
        ({"target": "perhaps"}, "target='perhaps' is no class"),
        ({"k": 0}, "k=0"),
        ({"tries": 0}, "tries=0"),
        ({"seconds": 0}, "seconds=0"),
        ({"sample": -1, "row": None}, "sample=-1"),
        ({"where": "TRUE"}, "give either row or where"),
    ],
    ids=[
        "name", "nothing", "all fixed", "span", "one end", "category", "way", "order", "integer",
        "cost", "class", "k", "tries", "seconds", "sample", "both",
    ],
)  # fmt: skip
def test_rules_that_cannot_be_are_refused_in_three_parts(
    ev: mp.Evaluation, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises((BadOption, UnknownColumn)) as error:
        ev.counterfactuals(**{"row": 0, **options})
    assert problem in error.value.problem
    assert error.value.known
    assert error.value.hint


def test_the_frame_and_the_json(ev: mp.Evaluation) -> None:
    found = ev.counterfactuals(7)
    frame = found.to_frame()
    assert frame.columns.tolist() == [
        "row", "id", "answer", "changes", "before", "prediction", "probability", "distance",
        "changed", "plausibility", "nearest",
    ]  # fmt: skip
    assert " → " in frame["changes"][0]
    value = found.to_dict()
    assert value["rows"][0]["changes"][0].keys() == {"column", "before", "after"}
    assert found.to_json()
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize("span", [(-1e308, 1e308), (None, 1e308)], ids=str)
def test_ranges_without_end_in_practice_are_searched_without_warning(
    ev: mp.Evaluation, span: tuple[float | None, float]
) -> None:
    ranges = {"debt": span, "income": span}
    assert ev.counterfactuals(5, ranges=ranges, tries=300).found == 1
    assert ev.flip_points(5, ranges=ranges).rows[0].flips
