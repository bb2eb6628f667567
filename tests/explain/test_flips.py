"""Flips of one attribute, and the value of each feature from which on the prediction flips."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import mispredict as mp
from mispredict.core.errors import BadOption, UnknownColumn

from .people import evaluated, lender, loans


def unfair(rows: int = 1_500) -> pd.DataFrame:
    """Women are granted less at the same income."""
    random = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"income": random.normal(50, 15, rows), "sex": random.choice(["man", "woman"], rows)}
    )
    logit = (frame["income"] - 50) / 8 - 1.5 * (frame["sex"] == "woman")
    frame["granted"] = np.where(random.random(rows) < 1 / (1 + np.exp(-logit)), "yes", "no")
    return frame


def test_few_different_numbers_are_tried_each(ws: mp.Workspace) -> None:
    frame = unfair(600)
    frame["sex"] = np.where(frame["sex"] == "woman", 0.05068, -0.04464)
    model = LogisticRegression().fit(frame[["income", "sex"]], frame["granted"])
    ws.add_dataset("people", frame, label="granted")
    ws.add_model("lender", model)
    ev = ws.evaluate("lender", "people")
    found = ev.flips("sex", sample=None)
    assert sorted(row.other for row in found.rows) == [-0.04464, 0.05068]
    with pytest.raises(BadOption, match="too many values to try each"):
        ev.flips("income")


@pytest.mark.parametrize("with_sex", [True, False], ids=["with", "without"])
def test_a_model_flips_by_an_attribute_only_if_it_was_trained_with_it(
    ws: mp.Workspace, with_sex: bool
) -> None:
    frame = unfair()
    words = OneHotEncoder(drop="if_binary")
    columns = [(words, ["sex"])] if with_sex else []
    prepare = make_column_transformer(("passthrough", ["income"]), *columns)
    model = make_pipeline(prepare, LogisticRegression()).fit(
        frame[["income", "sex"]], frame["granted"]
    )
    ws.add_dataset("people", frame, label="granted")
    ws.add_model("lender", model)
    found = ws.evaluate("lender", "people").flips("sex", sample=None)
    expected = (
        model.predict(frame[["income"]].assign(sex="man"))
        != model.predict(frame[["income"]].assign(sex="woman"))
    ).mean()
    assert found.share == pytest.approx(expected)
    assert found.n == len(frame)
    to_woman = next(row for row in found.rows if row.other == "woman")
    if with_sex:
        assert found.low > 0.05
        assert (to_woman.gained, to_woman.lost) == (0, to_woman.flips)
        assert to_woman.shift_high < 0
        to_man = next(row for row in found.rows if row.other == "man")
        assert (to_man.gained, to_man.lost) == (to_man.flips, 0)
        assert found.low <= found.share <= found.high
    else:
        assert found.flips == 0
        assert found.largest_shift == 0
        assert to_woman.shift == 0


def test_a_column_that_is_no_input_is_not_asked_about(ws: mp.Workspace) -> None:
    frame = loans()
    asked = []

    def counting(rows: pd.DataFrame) -> pd.DataFrame:
        asked.append(len(rows))
        return lender(rows.assign(city="Rome"))

    ws.add_dataset("loans", frame, label="granted", id="person", metadata=["city"])
    ws.add_model("blind", counting, version="1")
    ev = ws.evaluate("blind", "loans")
    asked.clear()
    found = ev.flips("city")
    assert not found.is_input
    assert found.flips == 0
    assert "does not take city" in found.note
    assert sum(asked) <= found.n


def test_each_direction_is_told_apart(ev: mp.Evaluation) -> None:
    found = ev.flips("city", sample=None)
    assert len(found.rows) == 6
    frame = loans()
    row = next(row for row in found.rows if (row.value, row.other) == ("Oslo", "Rome"))
    oslo = frame[frame["city"] == "Oslo"]
    change = (lender(oslo)["yes"] > 0.5) != (lender(oslo.assign(city="Rome"))["yes"] > 0.5)
    assert (row.n, row.flips) == (len(oslo), change.sum())
    moved = (lender(oslo.assign(city="Rome")) - lender(oslo))["yes"].mean()
    assert row.shift == pytest.approx(moved)
    assert found.rows[0].share == max(item.share for item in found.rows)


def test_numbers_need_values(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="too many values to try") as error:
        ev.flips("age")
    assert "values=[18, 79]" in error.value.hint
    found = ev.flips("debt", [0.0, 100.0], sample=None)
    assert {row.value for row in found.rows} == {"any"}
    assert found.rows[0].lost > 0


def test_names_that_are_not_there(ev: mp.Evaluation) -> None:
    with pytest.raises(UnknownColumn, match="no column 'gender'"):
        ev.flips("gender")
    with pytest.raises(BadOption, match="'Paris' in it, which no row has"):
        ev.flips("city", ["Paris"])


def test_flip_points_are_where_the_score_is_nought(ev: mp.Evaluation) -> None:
    frame = loans()
    rows = np.flatnonzero(frame["income"].notna())[:10]
    for number in rows:
        row = frame.iloc[int(number)]
        others = float(lender_score(row.to_frame().T))
        for point in ev.flip_points(int(number), columns=["debt"]).rows:
            exact = row["debt"] + 5 * others
            if point.flips:
                assert point.at == pytest.approx(exact, abs=0.011)
                assert abs(point.still - point.at) <= 0.011
                assert (point.direction == "up") == (point.at > row["debt"])
            else:
                low, high = frame["debt"].min(), frame["debt"].max()
                is_beyond = not low <= exact <= high
                is_other_way = (exact > row["debt"]) != (point.direction == "up")
                assert is_beyond or is_other_way


def lender_score(frame: pd.DataFrame) -> float:
    from .people import scores

    return float(scores(frame.assign(income=frame["income"].astype(float)))[0])


def test_flip_points_of_all_features_are_sorted_and_told_once(ev: mp.Evaluation) -> None:
    found = ev.flip_points(8)
    distances = [row.distance for row in found.rows if row.flips]
    assert distances == sorted(distances)
    assert {row.column for row in found.rows} == {
        "age", "income", "debt", "city", "member", "since"
    }  # fmt: skip
    assert not any(row.flips for row in found.rows if row.column in ("age", "since"))
    for row in found.rows:
        if row.flips:
            again = ev.what_if(8, {row.column: row.at}).rows[1]
            assert again.prediction == row.prediction != found.prediction


def test_ranges_bound_the_way(ev: mp.Evaluation) -> None:
    number = next(
        row for row in range(50) if any(p.flips for p in ev.flip_points(row, columns=["debt"]).rows)
    )
    free = ev.flip_points(number, columns=["debt"])
    at = free.rows[0].at
    now = loans()["debt"][number]
    narrow = (min(now, (at + now) / 2), max(now, (at + now) / 2))
    assert not any(row.flips for row in ev.flip_points(
        number, columns=["debt"], ranges={"debt": narrow}).rows)  # fmt: skip
    without = ev.flip_points(number, columns=["debt"], ranges={"debt": narrow})
    assert "No single feature flips" in without.note
    assert "No single feature flips" in str(without)
    assert "NaN" not in str(without), "a table of what does not flip says nothing"


def test_a_missing_value_can_be_filled(ws: mp.Workspace) -> None:
    ev = evaluated(ws)
    missing = int(np.flatnonzero(loans()["income"].isna())[0])
    rows = ev.flip_points(missing, columns=["income"]).rows
    assert rows[0].value is None
    assert {row.direction for row in rows} == {"up"}


def test_a_row_that_is_predicted_as_wanted_has_nothing_to_flip(ev: mp.Evaluation) -> None:
    said = ev.row(8).prediction
    found = ev.flip_points(8, target=said)
    assert not any(point.flips for point in found.rows)
    assert {point.column for point in found.rows} >= {"age", "income", "city"}
    assert "predicted as wanted already" in found.note


def test_a_value_that_lies_in_the_wanted_range_has_nothing_to_flip(ws: mp.Workspace) -> None:
    frame = pd.DataFrame({"a": np.linspace(-3, 3, 60)})
    ws.add_dataset("lines", frame.assign(y=frame["a"] * 2), label="y")
    ws.add_model("double", lambda rows: rows["a"].to_numpy() * 2, version="1")
    ev = ws.evaluate("double", "lines")
    inside = ev.flip_points(30, target=(-1, 1))
    assert not any(point.flips for point in inside.rows)
    assert "predicted as wanted already" in inside.note
    assert any(point.flips for point in ev.flip_points(0, target=(-1, 1)).rows)


def test_values_given_twice_count_once(ev: mp.Evaluation) -> None:
    twice = ev.flips("city", ["Rome", "Oslo", "Rome"], sample=None)
    once = ev.flips("city", ["Rome", "Oslo"], sample=None)
    assert twice.rows == once.rows


def test_errors_of_flips_speak_of_values(ev: mp.Evaluation) -> None:
    for name, values in (("city", ["Paris"]), ("age", ["old"]), ("age", [])):
        with pytest.raises(BadOption) as error:
            ev.flips(name, values)
        assert "grid" not in f"{error.value}"
        assert "values=[" in error.value.hint


def test_a_column_without_any_value_is_refused(ws: mp.Workspace) -> None:
    frame = loans().drop(columns="person").assign(income=np.nan)
    ws.add_dataset("poor", frame, label="granted", types={"income": "numeric"})
    ws.add_model("lender", lender, version="1")
    ev = ws.evaluate("lender", "poor")
    for ask in (
        lambda: ev.effects("income"),
        lambda: ev.effects("income", kind="ale"),
        lambda: ev.flips("income", [1.0, 2.0]),
    ):
        with pytest.raises(BadOption, match="column 'income' has no values"):
            ask()


def test_accumulated_effects_of_a_cohort_without_values_are_refused(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="one value only in these rows"):
        ev.effects("income", kind="ale", where="income IS NULL")
