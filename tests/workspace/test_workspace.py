from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

import mispredict as mp
from mispredict.core.errors import (
    BadDataset,
    BadLabel,
    BadOption,
    BadPredicate,
    BadPredictions,
    MispredictError,
    ModelError,
    StoreError,
    UnknownColumn,
    UnknownName,
    WorkspaceNotFound,
)


def state(ws: mp.Workspace) -> tuple[Any, ...]:
    """Everything that a failed call must leave alone."""
    versions = [(v.key, v.content) for v in ws.store.versions()]
    files = sorted(p.name for p in (ws.store.root / "parts").rglob("*") if p.is_file())
    return versions, files


def test_the_same_rows_give_the_same_version(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    first = ws.add_dataset("people", frame, label="churn")
    assert first.ref == "people@1"
    assert ws.add_dataset("people", frame, label="churn").ref == "people@1"
    assert ws.add_dataset("people", frame.head(50), label="churn").ref == "people@2"
    assert ws.dataset("people").ref == "people@2"
    assert ws.dataset("people@1").n == 600
    assert "people" in ws.datasets()


def test_every_source_gives_the_same_dataset(
    ws: mp.Workspace, frame: pd.DataFrame, tmp_path: Path
) -> None:
    import pyarrow as pa

    frame.to_parquet(tmp_path / "p.parquet")
    refs = {
        ws.add_dataset("people", source, label="churn").version.role("table")[0].content
        for source in (frame, pa.Table.from_pandas(frame), tmp_path / "p.parquet")
    }
    assert len(refs) == 1


def test_roles_types_and_ids_are_found(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    dataset = ws.add_dataset("people", frame, label="churn", time="since", metadata=["note"])
    assert (dataset.id, dataset.label) == ("user_id", "churn")
    assert dataset.inputs == ("age", "city", "member")
    assert dataset.task is not None
    assert dataset.task.positive == "yes"
    table = dataset.columns.to_frame().set_index("name")
    assert table.loc["note", "type"] == "text"
    assert table.loc["since", "role"] == "time"
    assert table.loc["age", "missing"] > 0


@pytest.mark.parametrize(
    ("change", "options", "error", "text"),
    [
        ({}, {"label": "Churn"}, UnknownColumn, "no column 'Churn'.*'churn'"),
        ({"churn": "no"}, {"label": "churn"}, BadLabel, "one value only"),
        ({"user_id": "u1"}, {"id": "user_id"}, BadDataset, "repeats 599 times"),
        ({"user_id": None}, {"id": "user_id"}, BadDataset, "missing in 600 rows"),
        ({"age": np.inf}, {}, BadDataset, "holds infinity.*row 0.*infinities='missing'"),
        ({"age": -1.0}, {"weight": "age"}, BadDataset, "number from 0"),
        ({}, {"metadata": ["noted"]}, UnknownColumn, "no column 'noted'"),
        ({}, {"time": "since", "split": "since"}, BadOption, "cannot be both"),
        ({}, {"types": {"age": "number"}}, BadOption, "'number' is not a choice"),
        ({}, {"infinities": "ignore"}, BadOption, "infinities='ignore'"),
        ({}, {"label": "churn", "positive": "maybe"}, BadOption, "positive='maybe'"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_bad_datasets_leave_the_workspace_alone(
    ws: mp.Workspace,
    frame: pd.DataFrame,
    change: dict[str, Any],
    options: dict[str, Any],
    error: type[MispredictError],
    text: str,
) -> None:
    ws.add_dataset("people", frame, label="churn")
    before = state(ws)
    with pytest.raises(error, match=r"(?s)" + text):
        ws.add_dataset("people", frame.assign(**change), **options)
    assert state(ws) == before


@pytest.mark.parametrize("name", ["", "a/b", "x@1", "../up", "a" * 101, " a"])
def test_names_that_cannot_be(ws: mp.Workspace, frame: pd.DataFrame, name: str) -> None:
    with pytest.raises(BadOption, match="cannot be a name"):
        ws.add_dataset(name, frame)


def test_infinities_can_be_missing_or_kept(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    odd = frame.assign(age=[np.inf, *frame["age"][1:]])
    missing = ws.add_dataset("m", odd, infinities="missing")
    assert missing.column("age")[0].as_py() is None
    kept = ws.add_dataset("k", odd, infinities="keep")
    assert kept.column("age")[0].as_py() == np.inf


def test_odd_names_and_values_travel(ws: mp.Workspace) -> None:
    name = "a\"b'; DROP TABLE version; -- <script>é"
    values = ["x'; --", 'y"', None, "日本", ""] * 4
    frame = pd.DataFrame({name: values, "y": [0, 1] * 10})
    ws.add_dataset("odd", frame, label="y")
    ev = ws.add_predictions("m", "odd", pd.DataFrame({"prediction": [0] * 20}))
    quoted = '"' + name.replace('"', '""') + '"'
    assert ev.mask(f"{quoted} = 'x''; --'").sum() == 4
    assert ev.metrics(by=[name], metrics="accuracy").to_frame()["n"].sum() == 20
    assert ev.rows(f"{quoted} IS NULL", limit=99).total == 4


def test_wide_data_and_a_huge_cell(ws: mp.Workspace) -> None:
    wide = pd.DataFrame(
        np.arange(10_000.0).reshape(2, 5000), columns=[f"c{i}" for i in range(5000)]
    )
    wide["y"] = ["a", "b"]
    assert len(ws.add_dataset("wide", wide, label="y").schema) == 5001
    huge = pd.DataFrame({"text": ["x" * 10_000_000, "short"], "y": ["a", "b"]})
    ws.add_dataset("huge", huge, label="y")
    ev = ws.add_predictions("m", "huge", pd.DataFrame({"prediction": ["a", "a"]}))
    assert len(str(ev.rows())) < 5_000
    assert len(ev.rows()._repr_html_()) < 10_000


def test_reserved_names_win_and_inputs_stay_reachable(ws: mp.Workspace) -> None:
    frame = pd.DataFrame(
        {"loss": [10, 20, 30, 40], "label": ["x", "y", "x", "y"], "t": list("abab")}
    )
    ws.add_dataset("taken", frame, label="t")
    ev = ws.add_predictions("m", "taken", pd.DataFrame({"prediction": ["a", "a", "a", "a"]}))
    assert ev.mask("loss > 0.5").tolist() == [False, True, False, True]
    assert ev.mask('input("loss") > 15').tolist() == [False, True, True, True]
    assert ev.mask("label = 'b'").tolist() == [False, True, False, True]
    assert ev.mask("input(\"label\") = 'y'").tolist() == [False, True, False, True]
    frame = ev.rows().to_frame()
    assert frame['input("loss")'].tolist() == [10, 20, 30, 40]
    assert frame["loss"].tolist() == [0, 1, 0, 1]


def test_predictions_from_a_file_equal_the_models(
    ws: mp.Workspace, frame: pd.DataFrame, pipeline: Pipeline, tmp_path: Path
) -> None:
    ws.add_dataset("people", frame, label="churn")
    ws.add_model("logistic", pipeline)
    called = ws.evaluate("logistic", "people")
    answers = pd.DataFrame(pipeline.predict_proba(frame), columns=pipeline.classes_)
    answers.insert(0, "user_id", frame["user_id"])
    answers.sample(frac=1, random_state=0).to_csv(tmp_path / "p.csv", index=False)
    given = ws.add_predictions("file", "people", tmp_path / "p.csv")
    left, right = called.metrics().to_frame(), given.metrics().to_frame()
    pd.testing.assert_frame_equal(left, right, atol=1e-9)
    assert given.ref == "file@1/people@1"


def test_another_process_can_read_but_not_call(
    ws: mp.Workspace, frame: pd.DataFrame, pipeline: Pipeline
) -> None:
    ws.add_dataset("people", frame, label="churn")
    ws.add_model("logistic", pipeline)
    first = ws.evaluate("logistic", "people").metrics()
    with mp.open(ws.store.root) as again:
        assert again.evaluation("people").metrics() == first
        with pytest.raises(ModelError, match=r"(?s)cannot be called from here.*add_model"):
            again.evaluate("logistic", "people")


def test_a_copied_model_is_loaded_only_with_trust(
    ws: mp.Workspace, frame: pd.DataFrame, pipeline: Pipeline
) -> None:
    ws.add_dataset("people", frame, label="churn")
    ws.add_model("logistic", pipeline, copy=True)
    with mp.open(ws.store.root) as again:
        with pytest.raises(BadOption, match="pickle"):
            again.evaluate("logistic", "people")
        assert again.evaluate("logistic", "people", trust=True).n == 600


def test_a_second_evaluation_asks_only_for_new_rows(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    asked: list[int] = []

    def model(rows: pd.DataFrame) -> list[str]:
        asked.append(len(rows))
        return ["yes" if age > 50 else "no" for age in rows["age"]]

    ws.add_dataset("people", frame.head(500), label="churn")
    ws.add_model("rule", model, version="1")
    ws.evaluate("rule", "people")
    assert sum(asked) == 500
    ws.add_dataset("people", frame, label="churn")
    ws.evaluate("rule", "people")
    assert sum(asked) == 600


def test_regression_multilabel_and_score(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    rows = frame.dropna(subset="age").reset_index(drop=True)
    ws.add_dataset("ages", rows, label="age")
    ev = ws.add_predictions("mean", "ages", rows[["user_id"]].assign(prediction=50.0))
    assert ev.metrics().value("mae").value == pytest.approx((rows["age"] - 50).abs().mean())
    assert ev.mistakes("loss", limit=1).to_frame()["loss"].iloc[0] == (rows["age"] - 50).abs().max()
    assert ev.overview().to_dict()["task"]["kind"] == "regression"

    sets = frame.assign(old=(frame["age"] > 60).astype(int), new=frame["member"].astype(int))
    ws.add_dataset("sets", sets, label=["old", "new"])
    guesses = [["old"] if age > 60 else [] for age in sets["age"]]
    ev = ws.add_predictions("half", "sets", frame[["user_id"]].assign(prediction=guesses))
    expected = (~frame["member"]).mean()
    assert ev.metrics(metrics=["accuracy"]).rows[0].value == pytest.approx(expected)

    ws.add_dataset("unlabelled", frame.drop(columns="churn"))
    losses = frame[["user_id"]].assign(score=np.arange(600.0))
    ev = ws.add_predictions("any", "unlabelled", losses)
    assert ev.task.kind == "score"
    assert ev.mask("loss >= 599").sum() == 1
    assert ev.cards() is not None
    assert ev.overview() is not None


def test_rows_without_a_label_do_not_count(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    some = frame.assign(churn=frame["churn"].where(frame.index >= 100))
    ws.add_dataset("some", some, label="churn")
    ev = ws.add_predictions("no", "some", some[["user_id"]].assign(prediction="no"))
    row = ev.metrics().value("accuracy")
    assert row.n == 500
    assert row.value == pytest.approx((frame["churn"][100:] == "no").mean())
    assert ev.mask("correct").sum() + ev.mask("NOT correct").sum() == 500
    assert ev.mask("correct IS NULL").sum() == 100


def test_weights_count(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    weighted = frame.assign(w=np.where(frame["churn"] == "yes", 3.0, 1.0))
    ws.add_dataset("people", weighted, label="churn", weight="w")
    ev = ws.add_predictions("no", "people", frame[["user_id"]].assign(prediction="no"))
    no = (frame["churn"] == "no").sum()
    expected = no / (no + 3 * (600 - no))
    assert ev.metrics().value("accuracy").value == pytest.approx(expected)


def test_cohorts_are_saved_versioned_and_travel_as_yaml(
    ws: mp.Workspace, ev: mp.Evaluation, tmp_path: Path
) -> None:
    ws.save_cohort("seniors", "age >= 65", note="retired people")
    ws.save_cohort("northern seniors", "cohort('seniors') AND city = 'Oslo'")
    assert [row.name for row in ws.cohorts().rows] == ["northern seniors@1", "seniors@1"]
    ws.save_cohort("seniors", "age >= 67")
    paths = ws.export_cohorts(tmp_path / "cohorts")
    assert (
        tmp_path / "cohorts" / "seniors.yaml"
    ).read_text() == "cohort: seniors\nwhere: age >= 67\n"
    with mp.open(tmp_path / "other") as other:
        other.import_cohorts(tmp_path / "cohorts")
        assert len(other.cohorts()) == len(paths) == 2
        (tmp_path / "cohorts" / "zz.yaml").write_text("cohort: zz\nwhere: age >\n")
        before = state(other)
        with pytest.raises(BadPredicate, match=r"zz\.yaml"):
            other.import_cohorts(tmp_path / "cohorts")
        assert state(other) == before


def test_cohorts_cannot_refer_to_themselves(ws: mp.Workspace) -> None:
    ws.save_cohort("a", "age > 1")
    ws.save_cohort("b", "cohort('a')")
    with pytest.raises(BadPredicate, match="would refer to itself"):
        ws.save_cohort("a", "cohort('b') OR age > 2")


def test_tags_follow_the_id_to_other_models_and_versions(
    ws: mp.Workspace, frame: pd.DataFrame
) -> None:
    ws.add_dataset("people", frame, label="churn")
    ev = ws.add_predictions("m", "people", frame[["user_id"]].assign(prediction="no"))
    count = ev.tag("old", "age > 70")
    assert count == (frame["age"] > 70).sum() == ev.mask("tag('old')").sum()
    assert ev.tag("old", rows=[0, 1]) == (frame["age"].gt(70) | (frame.index < 2)).sum()
    assert ev.untag("old", rows=[0]) == ev.mask("tag('old')").sum()
    ws.add_dataset("people", frame.iloc[::-1], label="churn")
    later = ws.add_predictions("n", "people", frame[["user_id"]].assign(prediction="yes"))
    assert set(later.rows("tag('old')", limit=999).to_frame()["user_id"]) == set(
        ev.rows("tag('old')", limit=999).to_frame()["user_id"]
    )
    assert [(tag.name, tag.dataset) for tag in ws.tags().rows] == [("old", "people")]
    with pytest.raises(BadOption, match="no row 600"):
        ev.tag("old", rows=[600])
    with pytest.raises(BadOption, match="either where= or rows="):
        ev.tag("old")


def test_tags_by_row_number_stay_with_their_version(ws: mp.Workspace) -> None:
    frame = pd.DataFrame({"x": range(10), "y": [0, 1] * 5})
    ws.add_dataset("d", frame, label="y")
    ev = ws.add_predictions("m", "d", pd.DataFrame({"prediction": [0] * 10}))
    ev.tag("even", rows=[0, 2])
    assert ev.mask("tag('even')").tolist() == [True, False, True] + [False] * 7
    ws.add_dataset("d", frame.head(8), label="y")
    later = ws.add_predictions("m", "d", pd.DataFrame({"prediction": [0] * 8}))
    with pytest.raises(BadOption, match=r"(?s)cannot be carried.*id="):
        later.mask("tag('even')")


def test_evaluations_are_found_by_either_name(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    with pytest.raises(UnknownName, match="there is no evaluation yet"):
        ws.evaluation()
    ws.add_dataset("people", frame, label="churn")
    answers = frame[["user_id"]].assign(prediction="no")
    ws.add_predictions("m", "people", answers)
    for ref in (None, "m", "people", "m@1", "people@1", "m/people", "m@1/people", "m@1/people@1"):
        assert ws.evaluation(ref).ref == "m@1/people@1"
    with pytest.raises(UnknownName, match=r"(?s)no evaluation 'mm'.*m@1/people@1"):
        ws.evaluation("mm")


def test_lineage_diff_labels_and_delete(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ws.add_dataset("people", frame, label="churn")
    ws.add_dataset("people", frame.head(10), label="churn")
    ws.add_predictions("m", "people@1", frame[["user_id"]].assign(prediction="no"))
    assert "dataset:people@1" in ws.lineage("evaluation", "m/people").parents
    assert "rows" in ws.diff("dataset", "people@1", "people@2").changed
    ws.label("dataset", "people@1", "golden")
    assert ws.dataset("people@golden").n == 600
    assert ws.evaluation("m/people@golden").dataset.n == 600
    assert ws.evaluation("people@golden").ref == "m@1/people@1"
    with pytest.raises(StoreError):
        ws.delete("dataset", "people@1")
    ws.delete("evaluation", "m/people")
    ws.delete("dataset", "people@1")
    with pytest.raises(UnknownName):
        ws.dataset("people@1")


def test_a_failed_model_leaves_the_workspace_alone(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    def broken(rows: pd.DataFrame) -> list[str]:
        if (rows["age"] > 88).any():
            raise RuntimeError("too old")
        return ["no"] * len(rows)

    ws.add_dataset("people", frame, label="churn")
    ws.add_model("broken", broken)
    before = state(ws)
    with pytest.raises(ModelError, match=r"(?s)too old"):
        ws.evaluate("broken", "people")
    assert state(ws) == before


def test_another_function_is_another_version_and_the_same_is_none(ws: mp.Workspace) -> None:
    def rule(least: int) -> Any:
        return lambda frame: ["a" if value > least else "b" for value in frame["x"]]

    versions = [str(ws.add_model("rule", rule(least)).ref) for least in (1, 1, 2)]
    assert versions == ["rule@1", "rule@1", "rule@2"]
    other = ws.add_model("rule", lambda frame: ["a"] * len(frame))
    assert str(other.ref) == "rule@3"


def test_a_model_fitted_anew_is_another_version(ws: mp.Workspace) -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    draw = np.random.default_rng(0)
    inputs = pd.DataFrame({"x": draw.normal(size=200)})
    labels = np.where(inputs["x"] + draw.normal(size=200) > 0, "a", "b")
    half = HistGradientBoostingClassifier(max_iter=3).fit(inputs[:100], labels[:100])
    whole = HistGradientBoostingClassifier(max_iter=3).fit(inputs, labels)
    versions = [str(ws.add_model("trees", model).ref) for model in (half, half, whole)]
    assert versions == ["trees@1", "trees@1", "trees@2"]


def test_the_next_version_of_predictions_is_registered_by_its_number(ws: mp.Workspace) -> None:
    ws.add_dataset("d", pd.DataFrame({"id": [0, 1], "y": ["a", "b"]}), label="y", id="id")
    first = pd.DataFrame({"id": [0, 1], "prediction": ["a", "a"]})
    second = first.assign(prediction=["a", "b"])
    assert ws.add_predictions("m", "d", first).model == "m@1"
    assert ws.add_predictions("m@2", "d", second).model == "m@2"
    assert [ws.evaluation(f"m@{n}/d").metrics().rows[0].value for n in (1, 2)] == [0.5, 1.0]
    with pytest.raises(UnknownName, match="m"):
        ws.add_predictions("m@5", "d", second)
    assert ws.add_predictions("m@1", "d", first).model == "m@1"


def test_predictions_do_not_take_the_place_of_the_models_own(ws: mp.Workspace) -> None:
    ws.add_dataset("d", pd.DataFrame({"id": [0, 1], "y": ["a", "b"]}), label="y", id="id")
    ws.add_model("rule", lambda frame: ["a"] * len(frame), classes=["a", "b"])
    own = ws.evaluate("rule", "d")
    other = pd.DataFrame({"id": [0, 1], "prediction": ["b", "b"]})
    with pytest.raises(BadPredictions, match=r"(?s)was asked itself.*another name"):
        ws.add_predictions("rule", "d", other)
    assert ws.evaluation("rule/d").version.key == own.version.key


def test_predictions_that_do_not_fit_leave_the_workspace_alone(
    ws: mp.Workspace, frame: pd.DataFrame
) -> None:
    ws.add_dataset("people", frame, label="churn")
    before = state(ws)
    with pytest.raises(BadPredictions):
        ws.add_predictions("m", "people", frame[["user_id"]].assign(prediction="maybe"))
    assert state(ws) == before


def test_a_dataset_without_label_cannot_be_judged(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ws.add_dataset("people", frame)
    ws.add_model("rule", lambda rows: ["no"] * len(rows))
    with pytest.raises(BadOption, match=r"(?s)no label.*label='a column'"):
        ws.evaluate("rule", "people")


def test_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkspaceNotFound):
        mp.open(tmp_path / "none", create=False)
    monkeypatch.setenv("MISPREDICT_WORKSPACE", str(tmp_path / "by-name"))
    with mp.open() as ws:
        assert ws.store.root == tmp_path / "by-name"
    with pytest.raises(BadOption, match="server"):
        mp.open("http://localhost:1")


def test_image_and_audio_references_travel_through(ws: mp.Workspace) -> None:
    frame = pd.DataFrame(
        {
            "picture": [b"\x89PNG\r\n\x1a\n....", b"\x89PNG other"],
            "sound": ["a.wav", "b.wav"],
            "y": ["cat", "dog"],
        }
    )
    dataset = ws.add_dataset("media", frame, label="y")
    assert dataset.schema["picture"].type == "image"
    assert dataset.schema["sound"].type == "audio"
    assert dataset.column("picture").to_pylist() == frame["picture"].tolist()
    ev = ws.add_predictions("m", "media", pd.DataFrame({"prediction": ["cat", "cat"]}))
    assert ev.rows().to_frame()["picture"].tolist() == frame["picture"].tolist()
    assert ev.mask("picture IS NULL").sum() == 0
    assert "bytes" in ev.rows().to_json()
