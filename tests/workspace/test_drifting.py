"""Drift, coverage and estimates of what a workspace holds, and checks of them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadLabel, BadOption, Cancelled, EmptyCohort, MispredictError


def loans(n: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Loans whose chance depends on income alone, with the model's own probabilities."""
    rng = np.random.default_rng(seed)
    income = rng.normal(shift, 1, n)
    chance = 1 / (1 + np.exp(-1.5 * income))
    return pd.DataFrame(
        {
            "income": income,
            "age": rng.integers(18, 80, n),
            "city": rng.choice(["Rome", "Oslo", "Bern"], n, p=[0.5, 0.3, 0.2]),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n) * 90 // n, "D"),
            "paid": np.where(rng.random(n) < chance, "yes", "no"),
            "chance": chance,
        }
    )


def add(ws: mp.Workspace, name: str, frame: pd.DataFrame) -> mp.Evaluation:
    ws.add_dataset(name, frame.drop(columns="chance"), label="paid", time="when")
    said = {
        "prediction": np.where(frame["chance"] > 0.5, "yes", "no"),
        "yes": frame["chance"],
        "no": 1 - frame["chance"],
    }
    return ws.add_predictions("model", name, pd.DataFrame(said))


@pytest.fixture
def pair(ws: mp.Workspace) -> tuple[mp.Evaluation, mp.Evaluation]:
    return add(ws, "before", loans(3_000, 1)), add(ws, "after", loans(3_000, 2, 0.8))


def test_drift_of_evaluations(ws: mp.Workspace, pair: tuple[mp.Evaluation, mp.Evaluation]) -> None:
    found = ws.drift("model/before", "model/after")
    assert found.verdict == "drift"
    assert {"income", "label", "prediction", "p_yes"} == set(found.drifted)
    row = found["income"]
    assert (row.direction, row.size) == ("higher", "large")
    assert pair[1].mask(row.where).mean() == pytest.approx(row.current_share)
    assert {item.metric for item in found.performance} == {"accuracy", "roc_auc", "f1"}
    for item in found.performance:
        assert item.estimated_low <= item.real <= item.estimated_high
    assert any("income" in cohort.where for cohort in found.cohorts)
    for cohort in found.cohorts:
        assert pair[1].mask(cohort.where).sum() == cohort.current_n
        assert cohort.low <= cohort.change <= cohort.high
    assert len(found.distributions) == len(found.rows)
    json.dumps(found.to_dict(), allow_nan=False)
    assert found.to_frame()["column"].tolist() == [row.column for row in found.rows]
    assert "income, higher: large drift" in str(found)


def test_drift_of_datasets_knows_no_model(
    ws: mp.Workspace, pair: tuple[mp.Evaluation, mp.Evaluation]
) -> None:
    found = ws.drift("before", "after", cohorts=0)
    assert (found.measure, found.performance, found.cohorts) == ("", (), ())
    assert {"income", "label"} == set(found.drifted)


def test_alike_rows_do_not_drift(ws: mp.Workspace) -> None:
    add(ws, "before", loans(12_000, 1))
    add(ws, "after", loans(12_000, 2))
    found = ws.drift("before", "after")
    assert found.verdict == "same"
    assert found.note.startswith("No drift.")
    assert not found.cohorts


def test_windows_of_time_and_groups(
    ws: mp.Workspace, pair: tuple[mp.Evaluation, mp.Evaluation]
) -> None:
    found = ws.drift("before", "after", windows="month", cohorts=0)
    assert [part.name for part in found.parts] == ["2024-01", "2024-02", "2024-03"]
    assert sum(part.n for part in found.parts) == 3_000
    assert all("income" in part.drifted for part in found.parts)
    assert pair[1].mask(found.parts[1].where).sum() == found.parts[1].n
    groups = ws.drift("before", "after", by="city", cohorts=0)
    assert {part.name for part in groups.parts} == {"Rome", "Oslo", "Bern"}
    assert "city" not in [row.column for row in groups.rows]


def test_cohorts_of_one_evaluation(
    ws: mp.Workspace, pair: tuple[mp.Evaluation, mp.Evaluation]
) -> None:
    found = ws.drift(
        pair[0], pair[0], where="city = 'Rome'", reference_where="city != 'Rome'", cohorts=0
    )
    assert found.source.where == "city = 'Rome'"
    assert found.verdict != "drift"
    assert found.notes == ("Not compared, as rows were chosen by it: city.",)


def test_columns_of_one_side_are_named(ws: mp.Workspace) -> None:
    frame = loans(500, 1)
    add(ws, "before", frame.assign(old=1))
    add(ws, "after", frame.assign(new=1))
    notes = ws.drift("before", "after").notes
    assert "old is in the reference rows only." in notes
    assert "new is in the current rows only." in notes


def test_texts_are_compared(ws: mp.Workspace) -> None:
    rng = np.random.default_rng(0)
    words = np.array(["loan", "card", "house", "bank", "money", "paper", "call", "late"])
    made = [" ".join(rng.choice(words, 9)) + f" number {i}" for i in range(1_200)]
    ws.add_dataset("before", pd.DataFrame({"note": made[:600]}), types={"note": "text"})
    later = [text + " fraud" * (i % 2) for i, text in enumerate(made[600:])]
    ws.add_dataset("after", pd.DataFrame({"note": later}), types={"note": "text"})
    row = ws.drift("before", "after")["note"]
    assert (row.method, row.verdict) == ("classifier", "drift")
    assert "fraud" in row.direction


def test_coverage_names_what_the_reference_lacks(ws: mp.Workspace) -> None:
    add(ws, "before", loans(3_000, 1))
    frame = loans(3_000, 2)
    frame.loc[:299, "city"] = "Kiel"
    frame.loc[300:599, "age"] = 120
    frame.loc[600:699, "income"] = np.nan
    after = add(ws, "after", frame)
    found = ws.coverage("model/before", "model/after")
    kinds = {(row.kind, row.column) for row in found.rows}
    assert {("value", "city"), ("range", "age"), ("missing", "income")} <= kinds
    assert found.verdict == "gaps"
    assert found.uncovered >= 700
    for row in found.rows:
        assert after.mask(row.where).sum() == row.n
        assert row.low <= row.share <= row.high
        assert after.mask(row.where)[list(row.examples)].all()
    assert found.error_low <= found.error <= found.error_high
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_region_of_all_rows_has_no_elsewhere(ws: mp.Workspace) -> None:
    add(ws, "before", loans(1_000, 1))
    add(ws, "after", loans(1_000, 2).assign(age=120))
    found = ws.coverage("model/before", "model/after", search=False)
    (row,) = (row for row in found.rows if row.column == "age")
    assert row.n == 1_000
    assert row.sentence.endswith(" wrong there.")


def test_alike_rows_are_covered(ws: mp.Workspace) -> None:
    for seed in range(5):
        add(ws, "before", loans(2_000, 2 * seed))
        add(ws, "after", loans(2_000, 2 * seed + 1))
        assert ws.coverage("before", "after").verdict == "covered"


def test_estimates_stand_beside_labels(pair: tuple[mp.Evaluation, mp.Evaluation]) -> None:
    found = pair[1].estimated_performance("model/before", windows="month")
    assert found.windows == ("all", "2024-01", "2024-02", "2024-03")
    assert len(found.rows) == 4 * 3
    for row in found.rows:
        assert row.low <= row.value <= row.high
        assert row.concept == "same"
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_changed_concept_is_said_where_labels_tell_it(ws: mp.Workspace) -> None:
    add(ws, "before", loans(3_000, 1))
    frame = loans(3_000, 2)
    frame["paid"] = np.where(frame["paid"] == "yes", "no", "yes")
    found = add(ws, "after", frame).estimated_performance("model/before", metrics="accuracy")
    (row,) = found.rows
    assert row.concept == "moved"
    assert row.verdict != "alarm"  # the estimate cannot see it
    assert "What inputs mean has changed" in found.notes[1]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        pytest.param(lambda ws: ws.drift("before", "nothing"), MispredictError, id="no dataset"),
        pytest.param(lambda ws: ws.drift("before", 3), BadOption, id="no name"),
        pytest.param(lambda ws: ws.drift("before", "after", bound=0), BadOption, id="bound"),
        pytest.param(
            lambda ws: ws.drift("before", "after", where="age > 999"), EmptyCohort, id="empty"
        ),
        pytest.param(lambda ws: ws.drift("before", "after", windows="moon"), BadOption, id="span"),
        pytest.param(
            lambda ws: ws.drift("before", "after", columns=["agee"]), MispredictError, id="column"
        ),
        pytest.param(
            lambda ws: ws.drift("before", "after", cancel=lambda: True), Cancelled, id="cancelled"
        ),
        pytest.param(
            lambda ws: ws.evaluation("model/after").estimated_performance("before"),
            MispredictError,
            id="no evaluation",
        ),
    ],
)
def test_bad_options(ws: mp.Workspace, pair: object, call, error: type[Exception]) -> None:
    with pytest.raises(error):
        call(ws)


def test_what_was_found_becomes_a_check(
    ws: mp.Workspace, pair: tuple[mp.Evaluation, mp.Evaluation]
) -> None:
    check = ws.drift("before", "after").to_check("income")
    (verdict,) = ws.run(check, data="after", reference="before").rows
    assert (verdict.verdict, verdict.kind) == ("fail", "drift")
    assert verdict.where.startswith("income >=")
    covered = ws.coverage("before", "after").to_check()
    assert ws.run(covered, data="before", reference="before").is_passed


def test_kinds_of_predictions(ws: mp.Workspace) -> None:
    both = pd.concat([loans(4_000, 1), loans(4_000, 2, 0.8)], ignore_index=True)
    ev = add(ws, "both", both.assign(part=np.repeat([0, 1], 4_000)))
    assert ev.check("prediction_drift", against="part = 0").verdict == "fail"
    assert ev.check("estimated_performance", against="part = 0", fall=0.02).verdict == "pass"
    assert ev.check("estimated_performance", against="part = 0", min=0.99).verdict == "fail"
    with pytest.raises(BadOption):
        ev.check("estimated_performance", against="part = 0")


def test_rows_whose_labels_are_still_to_come(ws: mp.Workspace) -> None:
    add(ws, "before", loans(3_000, 1))
    frame = loans(2_000, 2)
    now = frame.drop(columns="chance").assign(paid=pd.Series([None] * 2_000, dtype=object))
    ws.add_dataset(
        "now", now, label="paid", task="binary", classes=["no", "yes"],
        types={"paid": "categorical"}, time="when",
    )  # fmt: skip
    said = {"prediction": np.where(frame["chance"] > 0.5, "yes", "no")}
    said |= {"yes": frame["chance"], "no": 1 - frame["chance"]}
    ev = ws.add_predictions("model", "now", pd.DataFrame(said))
    found = ev.estimated_performance("model/before", metrics="accuracy")
    real = (frame["paid"] == said["prediction"]).mean()
    assert found.rows[0].low <= real <= found.rows[0].high
    assert found.rows[0].real_n == 0
    assert "The current rows have no labels." in ws.drift("model/before", "model/now").notes


def test_estimates_count_rows_by_their_weight(ws: mp.Workspace) -> None:
    for name, seed in (("before", 1), ("after", 2)):
        frame = loans(3_000, seed)
        frame["weight"] = np.where(abs(frame["chance"] - 0.5) < 0.2, 10.0, 1.0)
        ws.add_dataset(name, frame.drop(columns="chance"), label="paid", weight="weight")
        said = {
            "prediction": np.where(frame["chance"] > 0.5, "yes", "no"),
            "yes": frame["chance"],
            "no": 1 - frame["chance"],
        }
        ws.add_predictions("model", name, pd.DataFrame(said))
    found = ws.evaluation("model/after").estimated_performance("model/before")
    assert {row.concept for row in found.rows} == {"same"}
    assert all(row.low <= row.real <= row.high for row in found.rows)


def test_a_reference_of_other_classes_is_refused(
    ws: mp.Workspace, pair: tuple[mp.Evaluation, mp.Evaluation]
) -> None:
    frame = loans(300, 3)
    renamed = frame["paid"].map({"yes": "good", "no": "bad"})
    ws.add_dataset("renamed", frame.assign(paid=renamed).drop(columns="chance"), label="paid")
    good = frame["chance"]
    said = {"prediction": np.where(good > 0.5, "good", "bad"), "good": good, "bad": 1 - good}
    other = ws.add_predictions("model", "renamed", pd.DataFrame(said))
    with pytest.raises(BadOption, match="different classes") as caught:
        other.estimated_performance(pair[0])
    assert "no, yes in the reference" in caught.value.known
    assert caught.value.hint
    assert any("different classes" in note for note in ws.drift(pair[0], other).notes)


def test_a_column_named_like_the_label_is_one_of_its_own(ws: mp.Workspace) -> None:
    frame = loans(400, 1).drop(columns="chance")
    frame["label"] = np.arange(400.0)
    for name in ("one", "two"):
        ws.add_dataset(name, frame, label="paid")
    found = ws.drift("one", "two")
    assert {"label", 'input("label")'} <= {row.column for row in found.rows}
    assert found['input("label")'].type == "numeric"
    assert {item.column for item in found.distributions} == {row.column for row in found.rows}
    assert ws.coverage("one", "two").rows == ()
    with pytest.raises(BadOption, match="seed=-1"):
        ws.coverage("one", "two", seed=-1)


def test_nothing_to_compare_is_not_said_to_be_alike(ws: mp.Workspace) -> None:
    ws.add_dataset("numbers", pd.DataFrame({"x": [1.5, 2.5, 3.5]}))
    ws.add_dataset("names", pd.DataFrame({"x": ["a", "b", "c"]}))
    found = ws.drift("numbers", "names")
    assert (found.verdict, found.rows) == ("unsure", ())
    assert found.note.startswith("No column could be compared")
    assert "x is numeric in the reference and categorical now." in found.notes
    covered = ws.coverage("numbers", "names")
    assert (covered.verdict, covered.note) == ("unsure", "No column could be compared.")
    assert np.isnan([covered.share, covered.low, covered.high]).all()


@pytest.mark.parametrize("given", ["reference", "current"])
def test_rows_without_labels_are_no_drift_of_the_label(ws: mp.Workspace, given: str) -> None:
    frame = loans(500, 1).drop(columns="chance")
    ws.add_dataset("known", frame, label="paid")
    ws.add_dataset(
        "later", frame.assign(paid=None), label="paid", task="binary", classes=["no", "yes"]
    )
    sides = ("later", "known") if given == "reference" else ("known", "later")
    found = ws.drift(*sides)
    assert found.verdict != "drift"
    assert f"The {given} rows have no labels." in found.notes


def test_infinities_that_the_reference_has_are_covered(ws: mp.Workspace) -> None:
    x = np.random.default_rng(0).normal(size=400)
    x[:40], x[40:60] = np.inf, -np.inf
    for name, values in (
        ("one", x),
        ("two", x[::-1]),
        ("finite", np.nan_to_num(x, posinf=0, neginf=0)),
    ):
        ws.add_dataset(name, pd.DataFrame({"x": values}), infinities="keep")
    assert ws.coverage("one", "two").rows == ()
    assert ws.coverage("finite", "two").rows[0].n == 60


def test_columns_that_name_nothing_are_refused(ws: mp.Workspace) -> None:
    frame = pd.DataFrame({"x": np.arange(50.0), "y": ["a", "b"] * 25})
    ws.add_dataset("one", frame, label="y")
    for call in (ws.drift, ws.coverage):
        with pytest.raises(BadOption, match="names nothing"):
            call("one", "one", columns=[])
    with pytest.raises(BadOption, match="names nothing"):
        ws.dataset("one").duplicates(columns=[])


def test_what_ought_to_cover_is_chosen_by_task_and_inputs(ws: mp.Workspace) -> None:
    rows = pd.DataFrame({"x": np.arange(300.0), "city": ["a", "b", "c"] * 100})
    rows["y"] = np.where(rows["x"] % 7 < 3, "yes", "no")

    def add(name: str, frame: pd.DataFrame = rows, label: str | None = "y") -> None:
        ws.add_dataset(name, frame.assign(step=len(ws.datasets().rows)), label=label,
                       metadata=["step"])  # fmt: skip

    def chosen(current: str) -> str:
        return ws.coverage(None, current, search=False).reference.of

    add("here")
    with pytest.raises(BadOption, match="no other dataset") as alone:
        chosen("here")
    assert "the only one" in alone.value.known
    add("prices", rows.assign(y=rows["x"] * 2.0))  # another task
    add("towns", rows.drop(columns="city"))  # other inputs
    add("texts", rows.assign(x="n" + rows["x"].astype(str)))  # of another type
    with pytest.raises(BadOption, match="no other dataset") as none:
        chosen("here")
    assert "regression of y" in none.value.known and "no city" in none.value.known
    add("other")
    assert chosen("here") == "other@1"
    add("third")
    with pytest.raises(BadOption, match="is not known") as several:
        chosen("here")
    assert "other@1, third@1" in several.value.known
    assert several.value.hint == "reference='other@1'"
    add("constraints")
    add("churn-training")
    assert chosen("here") == "churn-training@1"
    add("unlabelled", rows.drop(columns="y"), None)
    assert chosen("unlabelled") == "churn-training@1"
    add("here", rows.drop(columns="city"))
    add("here")
    assert chosen("here@3") == "here@1"  # the second has other inputs
    assert chosen("here@1") == "churn-training@1"
    said = pd.DataFrame({"prediction": ["yes"] * 300})
    ws.add_predictions("m", "here@3", said)
    assert chosen("m/here@3") == "here@1"


def homes(n: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Prices that a model tells worse the larger a home is, and in one town."""
    rng = np.random.default_rng(seed)
    size = rng.normal(100 + 20 * shift, 20, n).clip(30)
    town = rng.choice(["Rome", "Oslo", "Bern"], n, p=[0.5, 0.3, 0.2])
    said = 3 * size
    price = said + rng.normal(0, 1, n) * (size / 10 + 10 * (town == "Oslo"))
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n) * 60 // n, "D")
    return pd.DataFrame({"size": size, "town": town, "when": when, "price": price, "said": said})


def valued(ws: mp.Workspace, name: str, frame: pd.DataFrame) -> mp.Evaluation:
    ws.add_dataset(name, frame.drop(columns="said"), label="price", time="when")
    return ws.add_predictions("prices", name, pd.DataFrame({"prediction": frame["said"]}))


def test_errors_of_a_regression_are_estimated(ws: mp.Workspace) -> None:
    valued(ws, "before", homes(2_500, 1))
    frame = homes(1_500, 2, 1.0)
    order = frame.sort_values("town", ascending=False)["town"].unique()
    frame["town"] = pd.Categorical(frame["town"], categories=order)  # codes of their own
    ev = valued(ws, "after", frame)
    found = ev.estimated_performance("prices/before", windows="month")
    assert found.method == "direct loss estimation (DLE)"
    assert found.metrics == ("mae", "rmse") and found.windows == ("all", "2024-01", "2024-02")
    for row in found.rows:
        assert row.low <= row.real <= row.high
        assert row.concept == "same"
        assert row.threshold == pytest.approx(1.02 * row.reference)
    assert found.rows[0].value > found.rows[0].reference + 0.8
    assert found.verdict == "alarm" and "is estimated at" in found.note
    assert any("concept drift" in note for note in found.notes)
    assert any(
        "size, town and the prediction" in note.replace(", when", "") for note in found.notes
    )
    json.dumps(found.to_dict(), allow_nan=False)
    fine = ev.estimated_performance("prices/before", metrics="mae", fall=1.0)
    assert fine.verdict == "fine" and "100 %" in fine.note
    (item, _) = ws.drift("prices/before", "prices/after", cohorts=0).performance
    assert item.estimated_low <= item.real <= item.estimated_high


def test_a_regression_without_labels_and_with_another_concept(ws: mp.Workspace) -> None:
    valued(ws, "before", homes(1_000, 1))
    frame = homes(600, 2)
    ws.add_dataset("now", frame.drop(columns=["said", "price"]))
    unlabelled = frame.drop(columns="said").assign(price=np.nan)
    with pytest.raises(BadLabel, match="no values") as caught:
        ws.add_dataset("later", unlabelled, label="price")
    assert "task='regression'" in caught.value.hint
    ws.add_dataset("later", unlabelled, label="price", task="regression")
    ev = ws.add_predictions("prices", "later", pd.DataFrame({"prediction": frame["said"]}))
    found = ev.estimated_performance("prices/before", metrics=["mae"])
    real = float((frame["price"] - frame["said"]).abs().mean())
    assert found.rows[0].low <= real <= found.rows[0].high
    assert found.rows[0].real_n == 0 and found.rows[0].concept == ""
    moved = valued(ws, "moved", frame.assign(price=frame["price"] + 40))
    found = moved.estimated_performance("prices/before", metrics="mae")
    assert found.rows[0].concept == "moved"
    assert any("What inputs mean has changed" in note for note in found.notes)
    with pytest.raises(BadOption, match="metrics"):
        moved.estimated_performance("prices/before", metrics=["accuracy"])
    with pytest.raises(BadOption, match="rows with a label"):
        moved.estimated_performance("prices/later")
    verdict = moved.check("estimated_performance", metric="mae", against="size < 100", max=99.0)
    assert verdict.verdict == "error" and "of a classification" in verdict.error
    with pytest.raises(Cancelled):
        moved.estimated_performance("prices/before", cancel=lambda: True)


def test_an_estimate_has_a_seed_from_0(ws: mp.Workspace) -> None:
    ev = valued(ws, "homes", homes(300, 1))
    with pytest.raises(BadOption, match="seed=-1 cannot be used"):
        ev.estimated_performance(seed=-1)


@pytest.mark.usefixtures("pair")
def test_coverage_says_how_far_it_is_and_can_be_stopped(ws: mp.Workspace) -> None:
    steps: list[tuple[int, int]] = []
    ws.coverage("before", "after", progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with pytest.raises(Cancelled):
        ws.coverage("before", "after", cancel=lambda: len(steps) == 4)
