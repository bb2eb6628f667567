from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, log_loss, recall_score, roc_auc_score
from sklearn.pipeline import Pipeline

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredicate, EmptyCohort, UnknownColumn, UnknownName


def test_columns_come_as_promised(ev: mp.Evaluation) -> None:
    frame = ev.rows(limit=3).to_frame()
    assert list(frame.columns) == [
        "user_id", "age", "city", "member", "since", "note", "churn",
        "label", "prediction", "correct", "confidence", "margin", "entropy", "loss",
        "error_class", "p_no", "p_yes",
    ]  # fmt: skip
    assert frame["user_id"].tolist() == ["u0", "u1", "u2"]


def test_metrics_are_scikit_learns(
    ev: mp.Evaluation, frame: pd.DataFrame, pipeline: Pipeline
) -> None:
    probabilities = pipeline.predict_proba(frame[["age", "city"]])
    predicted = pipeline.predict(frame[["age", "city"]])
    truth = frame["churn"]
    table = ev.metrics()
    assert table.value("accuracy").value == pytest.approx(accuracy_score(truth, predicted))
    assert table.value("recall").value == pytest.approx(
        recall_score(truth, predicted, pos_label="yes")
    )
    assert table.value("roc_auc").value == pytest.approx(
        roc_auc_score(truth == "yes", probabilities[:, 1])
    )
    assert table.value("log_loss").value == pytest.approx(log_loss(truth, probabilities))
    assert (table.to_frame()["n"] == 600).all()
    assert list(table.to_frame().columns)[:6] == ["cohort", "metric", "value", "low", "high", "n"]


@pytest.mark.parametrize(
    "where",
    [
        "city = 'Oslo'",
        "age BETWEEN 30.5 AND 61",
        "age > 44.5 AND NOT member",
        "since >= '2024-06-01' OR city IS NULL",
        "has(note, 'bad today')",
        "label = 'yes' AND prediction = 'no'",
        "confidence < 0.6 AND loss > 0.5",
        "p('yes') > 0.7",
        "prediction <> label",
    ],
)
def test_masks_select_what_pandas_selects(
    ev: mp.Evaluation, frame: pd.DataFrame, where: str
) -> None:
    full = ev.to_frame()
    expected = {
        "city = 'Oslo'": full["city"] == "Oslo",
        "age BETWEEN 30.5 AND 61": full["age"].between(30.5, 61),
        "age > 44.5 AND NOT member": (full["age"] > 44.5) & ~full["member"],
        "since >= '2024-06-01' OR city IS NULL": (full["since"] >= "2024-06-01")
        | full["city"].isna(),
        "has(note, 'bad today')": full["note"].str.contains("bad today"),
        "label = 'yes' AND prediction = 'no'": (full["label"] == "yes")
        & (full["prediction"] == "no"),
        "confidence < 0.6 AND loss > 0.5": (full["confidence"] < 0.6) & (full["loss"] > 0.5),
        "p('yes') > 0.7": full["p_yes"] > 0.7,
        "prediction <> label": full["prediction"] != full["label"],
    }[where]
    mask = ev.mask(where)
    assert 0 < mask.sum() < len(frame)
    np.testing.assert_array_equal(mask, expected.to_numpy(dtype=bool))
    assert ev.rows(where, limit=10_000).total == int(expected.sum())


def test_metrics_by_a_column_by_columns_and_by_cohorts(
    ev: mp.Evaluation, frame: pd.DataFrame
) -> None:
    full = ev.to_frame()
    by_city = ev.metrics(by="city", metrics="accuracy").to_frame().set_index("cohort")
    for city, rows in full.groupby("city"):
        found = by_city.loc[f"city = '{city}'"]
        assert found["value"] == pytest.approx((rows["label"] == rows["prediction"]).mean())
        assert found["n"] == len(rows)
    assert by_city["n"].sum() == 600
    crossed = ev.metrics(by=["city", "member"], metrics=["accuracy"]).to_frame()
    assert crossed["n"].sum() == 600
    assert "city = 'Rome' AND member = TRUE" in set(crossed["cohort"]) or (
        "city = 'Rome' AND member" in set(crossed["cohort"])
    )
    cohorts = ev.metrics(by=["age > 60", "age <= 60"], where="NOT member", metrics=["accuracy"])
    assert [row.cohort for row in cohorts.rows] == ["age > 60", "age <= 60"]
    assert sum(row.n for row in cohorts.rows) == int((~full["member"] & full["age"].notna()).sum())
    assert ev.metrics(where="city = 'Oslo'").rows[0].cohort == "city = 'Oslo'"


def test_error_classes_count_every_error_once(ev: mp.Evaluation) -> None:
    result = ev.error_classes()
    full = ev.to_frame()
    assert result.errors == int((~full["correct"]).sum()) == sum(row.n for row in result.rows)
    assert sum(row.share_of_errors for row in result.rows) == pytest.approx(1)
    for row in result.rows:
        assert ev.mask(row.where).sum() == row.n
        assert row.low <= row.share_of_label <= row.high


def test_mistakes_are_wrong_and_ordered(ev: mp.Evaluation) -> None:
    confident = ev.mistakes(limit=8).to_frame()
    assert not confident["correct"].any()
    assert confident["confidence"].is_monotonic_decreasing
    near = ev.near_misses(limit=8).to_frame()
    assert near["margin"].is_monotonic_increasing
    assert ev.mistakes("loss", limit=5).to_frame()["loss"].is_monotonic_decreasing
    with pytest.raises(BadOption, match="order='shuffled' is not a choice"):
        ev.mistakes("shuffled")


def test_rows_page_without_gaps(ev: mp.Evaluation) -> None:
    pages = [
        ev.rows("member", "age DESC, user_id", limit=50, offset=at).to_frame()
        for at in range(0, 400, 50)
    ]
    whole = ev.rows("member", "age DESC, user_id", limit=10_000).to_frame()
    pd.testing.assert_frame_equal(pd.concat(pages, ignore_index=True), whole)
    assert whole["age"].isna().to_numpy().nonzero()[0].min() == whole["age"].notna().sum()


def test_outliers_carry_a_score_and_a_planted_one_is_first(
    ws: mp.Workspace, frame: pd.DataFrame
) -> None:
    odd = pd.concat([frame, frame.head(1).assign(user_id="odd", age=900.0, city="Atlantis")])
    ws.add_dataset("odd", odd, label="churn")
    ev = ws.add_predictions("m", "odd", odd[["user_id"]].assign(prediction=odd["churn"]))
    rows = ev.outliers(limit=3).to_frame()
    assert rows["user_id"].iloc[0] == "odd"
    assert rows["outlier_score"].is_monotonic_decreasing


def test_cards_point_at_what_goes_with_being_wrong(ev: mp.Evaluation) -> None:
    cards = ev.cards(top=None)
    for card in cards.rows[:10]:
        mask = ev.mask(card.where)
        wrong = ev.target[mask]
        assert card.n == mask.sum()
        assert card.errors == wrong.sum()
        assert card.low <= card.rate <= card.high
    with pytest.raises(BadOption, match="is not a choice"):
        ev.cards(kinds=["words"])
    with pytest.raises(UnknownColumn, match="no column 'aeg'"):
        ev.cards(columns=["aeg"])


def test_threshold_decisions_are_recorded(ev: mp.Evaluation) -> None:
    version = ev.decide_threshold(0.4, who="Ada", reason="false alarms cost little")
    assert version.spec["who"] == "Ada"
    assert version.spec["threshold"] == 0.4
    with pytest.raises(BadOption, match="needs who and reason"):
        ev.decide_threshold(0.4, who="", reason="")


@pytest.mark.parametrize(
    ("where", "error", "text"),
    [
        ("agee > 3", UnknownColumn, "no column 'agee'"),
        ("age > 'old'", BadPredicate, "age"),
        ("city = 'Rome", BadPredicate, ""),
        ("label = 'maybe'", BadPredicate, "maybe"),
        ("tag('nothing')", UnknownName, "no tag 'nothing'"),
        ("cohort('nobody')", UnknownName, "no cohort 'nobody'"),
        ("age > 3; DROP TABLE version", BadPredicate, ""),
    ],
)
def test_bad_cohorts_say_why(
    ev: mp.Evaluation, where: str, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=r"(?s)" + text):
        ev.metrics(where=where)


def test_an_empty_cohort_is_a_clear_answer(ev: mp.Evaluation) -> None:
    assert len(ev.rows("age > 500")) == 0
    assert ev.rows("age > 500").total == 0
    assert ev.metrics(by=["age > 500"]).rows[0].n == 0
    for answer in (ev.confusion, ev.slices, lambda where: ev.metrics(where=where)):
        with pytest.raises(EmptyCohort, match=r"no row of .* meets age > 500"):
            answer(where="age > 500")


@pytest.mark.parametrize("by", ["nowhere", "note", [], ["age", "nowhere"]], ids=str)
def test_bad_groupings(ev: mp.Evaluation, by: Any) -> None:
    with pytest.raises((UnknownColumn, BadOption, BadPredicate)):
        ev.metrics(by=by)


def results(ev: mp.Evaluation) -> dict[str, Any]:
    return {
        "metrics": ev.metrics(by="city"),
        "confusion": ev.confusion(),
        "calibration": ev.calibration(),
        "roc": ev.roc(),
        "precision_recall": ev.precision_recall(),
        "error_classes": ev.error_classes(),
        "mistakes": ev.mistakes(limit=3),
        "cards": ev.cards(),
        "columns": ev.dataset.columns,
        "outliers": ev.outliers(limit=2),
        "overview": ev.overview(),
        "thresholds": ev.thresholds(cost_fn=3),
    }


NAMES = [
    "metrics", "confusion", "calibration", "roc", "precision_recall", "error_classes",
    "mistakes", "cards", "columns", "outliers", "overview", "thresholds",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_result_exports_itself(ev: mp.Evaluation, name: str) -> None:
    result = results(ev)[name]
    assert json.loads(result.to_json()) == result.to_dict()
    assert result.to_dict()["source"]["of"]
    assert len(result.to_frame()) == len(result)
    assert "<" in result._repr_html_()
    assert str(result)


def test_the_report_is_written(ev: mp.Evaluation, tmp_path: Path) -> None:
    path = ev.report(tmp_path / "report.html")
    text = path.read_text()
    assert "logistic@1" in text
    assert len(text) < 1_000_000
