"""Comparing evaluations: the rows that are meant, cohorts of them, and the board."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredicate, EmptyCohort, UnknownName
from mispredict.core.predicate import Predicate, parse

N = 1200


def rows(seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": np.arange(N),
            "age": random.integers(18, 90, N),
            "city": random.choice(["Rome", "Oslo", "Bern"], N),
            "y": random.choice(["no", "yes"], N, p=[0.6, 0.4]),
        }
    )


def said(frame: pd.DataFrame, wrong: Any, seed: int) -> pd.DataFrame:
    chance = np.random.default_rng(seed).uniform(0.5, 1, len(frame))
    is_yes = (frame["y"] == "yes").to_numpy() ^ np.asarray(wrong)
    positive = np.where(is_yes, chance, 1 - chance)
    prediction = np.where(is_yes, "yes", "no")
    return pd.DataFrame(
        {"id": frame["id"], "prediction": prediction, "no": 1 - positive, "yes": positive}
    )


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Workspace]:
    """Models a, b (worse in old Oslo), c (as a) on d@1; c on d@2, which lost and won rows."""
    frame, random = rows(), np.random.default_rng(5)
    wrong = random.random(N) < 0.15
    old = ((frame["city"] == "Oslo") & (frame["age"] > 50)).to_numpy()
    with mp.open(tmp_path_factory.mktemp("compared") / "ws") as ws:
        ws.add_dataset("d", frame, label="y", id="id", positive="yes")
        ws.add_predictions("a", "d", said(frame, wrong, 1))
        ws.add_predictions("b", "d", said(frame, wrong | (old & (random.random(N) < 0.6)), 2))
        ws.add_predictions("c", "d", said(frame, wrong, 1))
        later = pd.concat([frame[200:], frame[:100].assign(id=np.arange(N, N + 100))])
        later.loc[300:309, "y"] = np.where(later.loc[300:309, "y"] == "yes", "no", "yes")
        later.loc[400:404, "age"] += 1
        ws.add_dataset("d", later, label="y", id="id", positive="yes")
        ws.add_predictions("c", "d@2", said(later, np.zeros(len(later), bool), 3))
        yield ws


@pytest.fixture(scope="module")
def found(compared: mp.Workspace) -> Any:
    return compared.compare("a", "b", by="city")


def test_the_regressed_cohort_is_named(found: Any) -> None:
    assert found.word == "worse"
    assert found.has_regressed
    assert "age" in found.pair.regressed[0].where
    assert "city = 'Oslo'" in found.pair.regressed[0].where
    assert found.pair.cohorts[0].cohort == "city = 'Oslo'"
    assert found.pair.cohorts[0].word == "worse"
    assert found.verdict.startswith("b@1 is worse than a@1: accuracy ")
    assert found.pair.regressed[0].where in found.verdict


def test_rows_fixed_and_broken_are_cohorts(compared: mp.Workspace, found: Any) -> None:
    after = compared.evaluation("b/d")
    assert sum(group.n for group in found.pair.groups) == N
    for group in found.pair.groups:
        assert after.mask(group.where).sum() == group.n, group.where
    for cell in found.pair.confusion:
        assert after.mask(cell.where).sum() == cell.came
        assert after.mask(cell.where_left).sum() == cell.left
        assert cell.difference == cell.came - cell.left == cell.after - cell.before
    row = found.pair.metrics[0]
    assert (row.fixed, row.broken) == tuple(found.pair.group(n).n for n in ("fixed", "broken"))


def test_within_a_cohort(compared: mp.Workspace) -> None:
    found = compared.compare("a", "b", where="city = 'Oslo' OR age < 20", slices=False)
    after = compared.evaluation("b/d")
    for group in found.pair.groups:
        assert after.mask(group.where).sum() == group.n
    assert found.source.n == found.pair.metrics[0].n == after.mask(found.source.where).sum()


def test_thresholds_make_other_rows(compared: mp.Workspace) -> None:
    found = compared.compare("a", "b", threshold={"a": 0.3, "b@1": 0.7}, slices=False)
    after = compared.evaluation("b/d")
    assert [model.threshold for model in found.models] == [0.3, 0.7]
    for group in found.pair.groups:
        assert after.mask(group.where).sum() == group.n, group.where
    for cell in found.pair.confusion:
        assert after.mask(cell.where).sum() == cell.came, cell.where
    with pytest.raises(UnknownName):
        compared.compare("a", "b", threshold={"zzz": 0.3})


def test_equal_models_are_the_same(compared: mp.Workspace) -> None:
    found = compared.compare("a", "c", data="d@1")
    assert found.word == "same"
    assert found.verdict == "c@1 predicts the same as a@1 on all 1,200 rows."
    assert not found.has_regressed
    assert (found.pair.agreement.share, found.pair.agreement.kappa) == (1, 1)
    assert "Not enough data" in found.pair.search.note


def test_more_than_two_models(compared: mp.Workspace) -> None:
    found = compared.compare("a", "b", "c", data="d@1", metrics=["f1", "roc_auc"])
    assert [pair.model for pair in found.pairs] == ["b@1", "c@1"]
    assert {pair.against for pair in found.pairs} == {"a@1"}
    assert found.metric == "f1"
    assert list(found.to_frame()["metric"]) == ["f1", "roc_auc"] * 2
    best, average, oracle = found.ensemble
    assert best.value <= oracle.value
    assert average.name == "average"
    assert "Against a@1: " in found.verdict


def test_an_evaluation_compares_itself(compared: mp.Workspace) -> None:
    found = compared.evaluation("b/d").compare("a", slices=False)
    assert (found.pair.model, found.pair.against) == ("b@1", "a@1")


def test_other_rows_are_never_compared_silently(compared: mp.Workspace) -> None:
    with pytest.raises(BadOption, match="different rows") as caught:
        compared.compare("a@1/d@1", "c@1/d@2")
    assert "common=True" in caught.value.hint
    found = compared.compare("a@1/d@1", "c@1/d@2", common=True)
    assert found.common.n == found.pair.metrics[0].n == N - 200
    assert (found.common.by, found.common.relabelled) == ("id", 10)
    assert found.common.changed == 15
    assert (found.common.only_before, found.common.only_after) == (200, 100)
    after = compared.evaluation("c@1/d@2")
    for group in found.pair.groups:
        assert "('a@1/d@1')" in group.where
        assert int(after.mask(group.where).sum()) == group.n
    assert found.notes[0] == found.common.sentence


def test_rows_without_an_id_are_matched_by_content(tmp_path: Path) -> None:
    with mp.open(tmp_path / "ws") as ws:
        frame = rows().drop(columns="id")
        ws.add_dataset("d", frame, label="y")
        ws.add_predictions("a", "d", said(rows(), np.zeros(N, bool), 1).drop(columns="id"))
        turned = frame.iloc[::-1].iloc[:1000]
        ws.add_dataset("d", turned, label="y")
        wrong = np.zeros(1000, bool)
        wrong[:100] = True
        table = said(rows().iloc[::-1].iloc[:1000], wrong, 2).drop(columns="id")
        ws.add_predictions("b", "d@2", table)
        found = ws.compare("a@1/d@1", "b@1/d@2", common=True, slices=False)
        assert (found.common.by, found.common.n) == ("content", 1000)
        assert found.pair.metrics[0].before == 1
        assert found.pair.metrics[0].after == 0.9


def test_the_board(compared: mp.Workspace) -> None:
    board = compared.board("d")
    assert board.models == ("a@1", "b@1", "c@1")
    assert [item.dataset for item in board.datasets] == ["d@2", "d@1"]
    assert board.figure("c@1", "d@2").value == 1
    assert board.figure("a@1", "d@2").why.startswith("not evaluated")
    assert [board.figure(m, "d@1").place for m in board.models] == [1, 3, 1]
    assert "different rows" in board.notes[0]
    assert "1,000 common rows" in board.notes[0]
    common = compared.board("d", common=True)
    assert common.common == 1000
    assert {row.n for row in common.rows if row.evaluation} == {1000}
    assert common.figure("c@1", "d@2").value == 1
    assert common.figure("a@1", "d@1").n == 1000
    assert "in common" in common.notes[0]
    assert compared.board("d@1", metric="roc_auc", models=["a"]).models == ("a@1",)


def test_models_are_evaluated_again(tmp_path: Path) -> None:
    with mp.open(tmp_path / "ws") as ws:
        frame = rows()
        ws.add_dataset("d", frame[:600], label="y", id="id")
        ws.add_predictions("known", "d", said(frame[:600], np.zeros(600, bool), 1))
        ws.add_model("rule", lambda x: np.where(x["age"] > 50, "yes", "no"))
        ws.add_model("broken", lambda x: 1 / 0)
        ws.evaluate("rule", "d")
        ws.add_dataset("d", frame, label="y", id="id")
        done: list[tuple[int, int]] = []
        found = ws.reevaluate("d", progress=lambda i, n: done.append((i, n)))
        told = {row.model: row.outcome for row in found.rows}
        assert told == {"known@1": "cannot", "rule@1": "evaluated", "broken@1": "failed"}
        assert ws.reevaluate("d", models=["rule"]).rows[0].outcome == "known"
        assert "1 evaluated, 1 cannot be called, 1 failed" in found.summary
        assert done[-1] == (3, 3)
        # A model that was not evaluated on the data is, before it is compared.
        ws.add_model("other", lambda x: np.where(x["age"] > 40, "yes", "no"))
        assert ws.compare("rule", "other", data="d@2", slices=False).pair.metrics[0].n == N
        with pytest.raises(UnknownName, match="was not evaluated"):
            ws.compare("known", "rule", data="d@2")


def test_numbers_are_compared(tmp_path: Path) -> None:
    with mp.open(tmp_path / "ws") as ws:
        frame, random = rows(), np.random.default_rng(1)
        frame["y"] = frame["age"] * 2.0
        ws.add_dataset("d", frame, label="y", id="id")
        for name, spread in (("a", 1.0), ("b", 2.0)):
            noise = random.normal(size=N) * np.where(frame["city"] == "Oslo", spread, 1.0)
            ws.add_predictions(name, "d", frame[["id"]].assign(prediction=frame["y"] + noise))
        found = ws.compare("a", "b")
        assert (found.metric, found.word) == ("mae", "worse")
        assert found.pair.regressed[0].where == "city = 'Oslo'"
        after = ws.evaluation("b/d")
        for group in found.pair.groups:
            assert after.mask(group.where).sum() == group.n
        assert {g.name for g in found.pair.groups} == {"nearer", "further", "equal"}
        assert found.pair.agreement.correlation > 0.99
        assert found.pair.losses.measure == "absolute error"
        assert found.to_frame()[["fixed", "broken"]].isna().all(axis=None), "numbers are not fixed"


def test_the_shapes_that_screens_draw(found: Any) -> None:
    told = found.to_dict()
    assert set(told) >= {"verdict", "word", "metric", "models", "pairs", "ensemble", "source"}
    pair = told["pairs"][0]
    points = pair["losses"]
    assert len(points["row"]) == len(points["before"]) == len(points["group"]) == N
    assert pair["search"]["searched"] > 0
    frame = found.to_frame()
    counts = [None if row.broken < 0 else row.broken for row in found.rows]
    assert counts[0] is not None
    assert found.to_arrow()["broken"].to_pylist() == counts
    assert frame["broken"].isna().tolist() == [count is None for count in counts]
    assert "<table" in found._repr_html_()
    assert str(found).startswith(found.verdict)


def test_markdown_for_a_pull_request(found: Any) -> None:
    text = found.to_markdown()
    assert text.startswith("## 🔴 b@1 is worse than a@1")
    assert "| 🔴 | accuracy |" in text
    assert f"`{found.pair.regressed[0].where}`" in text
    assert "**By cohort**" in text


@pytest.mark.parametrize("models", [(), ("a",)])
def test_one_model_is_no_comparison(compared: mp.Workspace, models: tuple[str, ...]) -> None:
    with pytest.raises(BadOption, match="two models"):
        compared.compare(*models)


# ── what another model made of the rows, as cohorts ─────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "NOT correct AND correct('a@1')",
        "prediction <> prediction('a@1')",
        "p('yes', 'a@1') > 0.3 AND loss > loss('a@1')",
        "error_class('a@1') LIKE 'no%' OR prediction('a@1') IN ('yes', 'no')",
        "confidence('a@1') BETWEEN 0.5 AND 0.7",
        "margin('a@1') IS NULL",
    ],
)
def test_a_cohort_of_another_model_reads_as_it_is_written(
    compared: mp.Workspace, text: str
) -> None:
    after = compared.evaluation("b/d")
    predicate = after.predicate(text)
    assert parse(predicate.text, after.fields) == predicate
    assert Predicate.from_dict(predicate.to_dict()).bind(after.fields) == predicate
    assert Predicate.from_url(predicate.to_url()).bind(after.fields) == predicate
    assert "a@1" in predicate.sentence()


def test_a_cohort_of_another_model_selects_its_rows(compared: mp.Workspace) -> None:
    a, b = compared.evaluation("a/d@1"), compared.evaluation("b/d@1")
    mine, theirs = (item.table.values("correct") == 1 for item in (b, a))
    assert np.array_equal(b.mask("NOT correct AND correct('a')"), ~mine & theirs)
    losses = b.table.values("loss"), a.table.values("loss")
    assert np.array_equal(b.mask("loss > loss('a@1')"), losses[0] > losses[1])
    chance = a.table.values("p_yes")
    assert np.array_equal(b.mask("p('yes', 'a') >= 0.4"), chance >= 0.4)
    assert b.predicate("correct('a')").text == "correct('a@1')"  # with the version that is meant
    b.save_cohort("lost", "NOT correct AND correct('a')")
    assert b.mask("cohort('lost')").sum() == (~mine & theirs).sum()


def test_rows_show_what_another_model_said(compared: mp.Workspace) -> None:
    b = compared.evaluation("b/d@1")
    names = ["id", "prediction", "prediction('a@1')", "loss('a@1')"]
    shown = b.rows(
        "NOT correct AND correct('a')", order_by="loss('a@1') DESC, p('yes', 'a')", columns=names
    )
    frame = shown.to_frame()
    assert list(frame.columns) == names
    assert (frame["prediction"] != frame["prediction('a@1')"]).all()
    assert frame["loss('a@1')"].is_monotonic_decreasing
    assert len(b.metrics(by="correct('a@1')", metrics="accuracy")) == 2


def test_another_models_rows_are_explored(compared: mp.Workspace) -> None:
    seen = compared.evaluation("b/d@1").explore("NOT correct AND correct('a')")
    assert seen.where == "NOT correct AND correct('a@1')"
    assert [chip.column for chip in seen.chips] == ["correct", ""]


@pytest.mark.parametrize(
    ("text", "error", "part"),
    [
        ("correct('zzz')", UnknownName, "no model 'zzz' was evaluated on d@1"),
        ("correct()", BadPredicate, "needs the name of a model"),
        ("correct(5)", BadPredicate, "needs the name of a model"),
        ("loss('a', 'b') > 1", BadPredicate, "needs the name of a model"),
        ("p('yes', 'zz') > 1", UnknownName, "no model 'zz'"),
        ("prediction('a') = 'maybe'", BadPredicate, "no class 'maybe'"),
    ],
)
def test_what_another_model_cannot_be(
    compared: mp.Workspace, text: str, error: type[Exception], part: str
) -> None:
    with pytest.raises(error, match=part):
        compared.evaluation("b/d@1").mask(text)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("correct(", "'a@1'"),
        ("NOT correct AND correct('a@1') ", "AND"),
        ("prediction('a@1') = ", "'yes'"),
        ("p('yes', ", "'a@1'"),
        ("loss('a@1') < 2 AND ci", "city"),
        ("predi", "prediction("),
    ],
)
def test_other_models_are_offered(compared: mp.Workspace, typed: str, offered: str) -> None:
    items = compared.evaluation("b/d@1").complete(typed).items
    assert offered in [item.text for item in items]


def test_a_cohort_of_no_rows_is_refused(compared: mp.Workspace) -> None:
    with pytest.raises(EmptyCohort, match=r"no row of b@1/d@1 meets age > 500"):
        compared.compare("a", "b", where="age > 500")


def test_models_are_not_told_to_be_alike_without_labels(ws: mp.Workspace) -> None:
    frame = rows()[:50]
    unknown = frame.assign(y=None)
    ws.add_dataset("new", unknown, label="y", id="id", task="binary", classes=["no", "yes"])
    ws.add_predictions("a", "new", said(frame, np.zeros(50, bool), 1))
    ws.add_predictions("b", "new", said(frame, np.ones(50, bool), 1))
    found = ws.compare("a", "b", data="new")
    assert found.word == "unclear"
    assert "no row with a label" in found.verdict


def test_tasks_are_told_apart_before_rows_are_matched(ws: mp.Workspace) -> None:
    frame = rows()[:60]
    ws.add_dataset("classes", frame, label="y", id="id")
    ws.add_predictions("a", "classes", said(frame, np.zeros(60, bool), 1))
    ws.add_dataset("numbers", frame.assign(y=frame["age"] * 1.0), label="y", id="id")
    ws.add_predictions("b", "numbers", pd.DataFrame({"id": frame["id"], "prediction": 40.0}))
    ws.add_dataset("several", frame.assign(y=[["p", "q"]] * 60), label="y", id="id")
    ws.add_predictions(
        "c", "several", pd.DataFrame({"id": frame["id"], "prediction": [["p"]] * 60})
    )
    for other in ("b/numbers", "c/several"):
        with pytest.raises(BadOption, match="cannot be compared") as caught:
            ws.compare("a/classes", other, common=True)
        assert caught.value.known.startswith("Their tasks are")


def test_a_diff_of_labels_of_two_types_tells_of_the_type(ws: mp.Workspace) -> None:
    frame = rows()[:40]
    ws.add_dataset("names", frame, label="y", id="id")
    numbers = ws.add_dataset("numbers", frame.assign(y=np.arange(40.0)), label="y", id="id")
    found = numbers.diff("names")
    assert next(row for row in found.rows if row.column == "y").status == "type"
    assert found.cohorts == ()
    assert numbers.diff("names", by="city").cohorts


def test_models_that_are_wrong_in_other_ways_do_not_predict_the_same(ws: mp.Workspace) -> None:
    label = np.array(["p", "q", "r"] * 20)
    ws.add_dataset("three", pd.DataFrame({"x": np.arange(60), "y": label}), label="y")
    first, second = label.copy(), label.copy()
    first[0], second[0] = "q", "r"
    ws.add_predictions("a", "three", pd.DataFrame({"prediction": first}))
    ws.add_predictions("b", "three", pd.DataFrame({"prediction": second}))
    found = ws.compare("a", "b", data="three")
    assert found.word == "same"
    assert "right and wrong on the same rows" in found.verdict
    assert "predicts the same" in ws.compare("a", "a", data="three").verdict


def test_a_key_that_names_several_rows_is_told(ws: mp.Workspace) -> None:
    data = ws.add_dataset("names", rows()[:40], label="y", id="id")
    assert "city is the same in several rows" in data.diff("names", key="city").note
    assert data.diff("names", key="id").note == ""
