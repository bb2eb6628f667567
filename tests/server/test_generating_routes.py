"""Perturbations, templates and advice over HTTP: good, bad, without a model; kept three ways."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp

from .conftest import Client, client_of

E = "/api/v1/evaluations/words@1/reviews@1"
KNOWN = "/api/v1/evaluations/known@1/reviews@1"
GOOD = ["wonderful", "excellent", "splendid"]
BAD = ["terrible", "tedious", "horrible"]


def reviews(rows: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    is_good = rng.random(rows) < 0.5
    texts = [
        f"Emily thought the evening was {rng.choice(GOOD if good else BAD)} on day {i}."
        for i, good in enumerate(is_good)
    ]
    stars = np.where(is_good, 4, 2) + rng.integers(0, 2, rows)
    label = np.where(is_good, "pos", "neg")
    return pd.DataFrame({"id": range(rows), "text": texts, "stars": stars, "mood": label})


def by_words(frame: pd.DataFrame) -> np.ndarray:
    """Breaks on typos: it knows whole words only."""
    good = np.array([any(word in text for word in GOOD) for text in frame["text"]])
    return np.column_stack([np.where(good, 0.1, 0.9), np.where(good, 0.9, 0.1)])


def slow(frame: pd.DataFrame) -> np.ndarray:
    time.sleep(0.3)
    return by_words(frame)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made"


@pytest.fixture
def maker(folder: Path) -> Iterator[Client]:
    """A client of a model that reads words, and of what it predicted alone."""
    frame = reviews()
    with mp.open(folder) as workspace:
        workspace.add_dataset("reviews", frame, label="mood", id="id", types={"text": "text"})
        for name, model in (("words", by_words), ("slow", slow)):
            workspace.add_model(name, model, classes=["neg", "pos"])
            workspace.evaluate(name, "reviews")
        said = pd.DataFrame({"id": frame["id"], "prediction": frame["mood"]})
        workspace.add_predictions("known", "reviews", said)
        with client_of(workspace, wait_s=30) as client:
            yield client


def until(client: Client, path: str, body: Any) -> Any:
    answer = client.post(path, json=body)
    if answer.status_code == 202:
        client.get(f"/api/v1/jobs/{answer.json()['id']}/events")
        answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_perturbations_are_offered_by_what_the_inputs_are(maker: Client) -> None:
    found = maker.get(f"{E}/perturbations").json()
    by_name = {row["name"]: row for row in found["rows"]}
    assert by_name["typo"]["on"] == "text"
    assert by_name["typo"]["gives"] != by_name["typo"]["example"]
    assert by_name["noise"]["options"][0]["kind"] == "truth"
    assert by_name["unit_error"]["options"][0] | {"says": ""} == {
        "name": "factor", "kind": "number", "default": None, "says": "",
    }  # fmt: skip
    assert "paraphrase" not in by_name
    assert {c["name"]: c["on"] for c in found["columns_changed"]}["text"] == "text"


def test_rows_are_shown_before_and_after(maker: Client) -> None:
    body = {"names": ["typo"], "strength": 1.0}
    found = until(maker, f"{E}/perturb", body)
    assert found["is_asked"]
    assert [row["row"] for row in found["rows"]] == sorted(row["row"] for row in found["rows"])
    [cell] = found["rows"][0]["cells"]
    assert "".join(p["text"] for p in cell["pieces"] if p["mark"] != "new") == cell["before"]
    assert "".join(p["text"] for p in cell["pieces"] if p["mark"] != "gone") == cell["after"]
    again = until(maker, f"{E}/perturb", body)
    assert again["rows"] == found["rows"]


def test_the_share_of_changed_predictions_is_that_of_the_sdk(maker: Client, folder: Path) -> None:
    body = {"names": ["typo", "lower_case"], "strength": 0.6, "limit": 200, "shown": 5}
    found = until(maker, f"{E}/perturb", body)
    with mp.open(folder) as workspace:
        workspace.add_model("words", by_words, classes=["neg", "pos"])
        said = workspace.evaluation("words@1/reviews@1").perturb(
            ["typo", "lower_case"], strength=0.6, limit=200
        )
    assert (found["share"], found["low"], found["high"]) == (said.share, said.low, said.high)
    assert found["sentence"] == said.sentence
    assert len(found["rows"]) == 5
    assert all(row["flipped"] for row in found["rows"])


def test_without_a_model_inputs_are_shown_alone(maker: Client) -> None:
    found = until(maker, f"{KNOWN}/perturb", {"names": ["typo"], "strength": 1.0})
    assert not found["is_asked"]
    assert found["share"] is None
    row = found["rows"][0]
    assert row["prediction"] == row["label"]
    assert (row["prediction_after"], row["flipped"]) == (None, None)
    filled = until(maker, f"{KNOWN}/templates/fill", {"template": "{name} is here."})
    assert not filled["is_asked"]
    assert filled["rows"][0]["prediction"] is None
    refused = maker.get(f"{KNOWN}/augmentation-advice")
    assert refused.status_code == 400
    assert refused.json()["code"] == "ModelError"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"names": ["tipo"]}, "no perturbation 'tipo'"),
        ({"names": ["typo"], "where": "nothing > 1"}, "no column 'nothing'"),
        ({"names": ["typo"], "options": {"factor": 2}}, "has no option 'factor'"),
        ({"names": ["synonyms"], "options": {"synonyms": "/etc"}}, "cannot be a text here"),
        ({"names": ["synonyms(synonyms=/etc)"]}, "synonyms='/etc' cannot be used"),
        ({"names": ["noise"], "columns": ["weight"]}, "no column 'weight'"),
    ],
    ids=["name", "cohort", "option", "file", "file in the name", "column"],
)
def test_a_bad_change_is_told(maker: Client, body: Any, says: str) -> None:
    for path in (f"{E}/perturb", f"{KNOWN}/perturb"):
        answer = maker.post(path, json=body)
        assert answer.status_code == 400, answer.text
        assert says in answer.json()["message"]


def test_lexicons_have_words_by_group(maker: Client) -> None:
    rows = {row["name"]: row for row in maker.get("/api/v1/lexicons").json()["rows"]}
    groups = {group["name"]: group for group in rows["adjective"]["groups"]}
    assert "good" in groups["positive"]["words"]
    assert rows["adjective"]["n"] >= sum(len(g["words"]) for g in groups.values()) > 0


def test_a_template_is_filled_and_held_against_its_labels(maker: Client) -> None:
    body = {
        "template": "The {dish} was {word}.",
        "lexicons": {"dish": ["stew"], "word": ["splendid", "terrible", "fine"]},
        "by": "word",
        "labels": {"splendid": "pos", "terrible": "neg", "fine": "pos"},
        "n": 3,
    }
    found = until(maker, f"{E}/templates/fill", body)
    holds = {row["words"]["word"]: row["holds"] for row in found["rows"]}
    assert holds == {"splendid": True, "terrible": True, "fine": False}
    assert (found["tests"], found["held"], found["size"]) == (3, 2, 3)
    assert found["low"] < found["share"] < found["high"]
    assert [slot["n"] for slot in found["slots"]] == [1, 3]


def test_a_place_that_must_not_matter_is_tried_with_all_its_words(maker: Client) -> None:
    body = {
        "template": "{who} was {word}.",
        "lexicons": {"who": ["Ana", "The splendid Ana"], "word": ["terrible"]},
        "vary": "who",
        "n": 1,
    }
    found = until(maker, f"{E}/templates/fill", body)
    assert (found["n"], found["tests"], found["held"]) == (2, 1, 0)
    assert "0 of 1 set get one answer" in found["sentence"]


def test_a_template_of_rows_takes_values_of_the_data(maker: Client) -> None:
    body = {"template": {"stars": "{column:stars}", "text": "It was {word}."},
            "lexicons": {"word": ["splendid"]}, "n": 10}  # fmt: skip
    found = until(maker, f"{E}/templates/fill", body)
    assert {row["values"]["stars"] for row in found["rows"]} <= {2, 3, 4, 5}
    assert {row["prediction"] for row in found["rows"]} == {"pos"}


def test_rows_of_a_table_are_kept_whole_with_values_of_the_cohort(
    maker: Client, folder: Path
) -> None:
    made = {
        "template": {"text": "It was {word}."},
        "lexicons": {"word": GOOD},
        "where": "stars = 5",
    }
    answer = maker.post(f"{E}/generated", json={"template": made, "n": 3, "name": "whole"})
    assert answer.status_code == 201, answer.text
    with mp.open(folder) as workspace:
        frame = workspace.dataset("whole").read().to_pandas()
    assert sorted(frame["text"]) == [f"It was {word}." for word in sorted(GOOD)]
    assert frame["stars"].tolist() == [5, 5, 5]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"template": "{name is here."}, "is no place"),
        ({"template": "{nome} is here."}, "no lexicon 'nome'"),
        ({"template": {"weight": "{age}"}}, "no column 'weight'"),
        ({"template": {"stars": "many"}}, "is no number"),
        ({"template": "{a}", "lexicons": {"a": ["x"], "label": ["y"]}}, "no name of a lexicon"),
        ({"template": "{name}", "labels": {"Ana": "pos"}}, "labels go by a place"),
        ({"template": "{name}", "label": "good"}, "no class 'good'"),
        ({"template": {"text": "{name}"}, "where": "stars > 9"}, "no row of"),
        ({"template": "{a1} {a2}", "lexicons": {"a": ["x"]}}, "no row with different words"),
    ],
    ids=["brace", "lexicon", "column", "number", "name", "rule", "class", "cohort", "words"],
)
def test_a_bad_template_is_told(maker: Client, body: Any, says: str) -> None:
    answer = maker.post(f"{E}/templates/fill", json=body)
    assert answer.status_code == 400, answer.text
    assert says in answer.json()["message"]


def test_advice_is_that_of_the_sdk(maker: Client, folder: Path) -> None:
    answer = maker.get(f"{E}/augmentation-advice?names=typo&strengths=0.3&sample=100")
    assert answer.status_code == 200, answer.text
    with mp.open(folder) as workspace:
        workspace.add_model("words", by_words, classes=["neg", "pos"])
        said = workspace.evaluation("words@1/reviews@1").augmentation_advice(
            ["typo"], strengths=[0.3], sample=100
        )
    assert answer.json()["rows"] == said.to_dict()["rows"]
    assert answer.json()["warnings"] == list(said.warnings)


@pytest.mark.parametrize("expect", ["same", "label", "strengths"])
def test_a_change_becomes_a_check_that_a_suite_takes(maker: Client, expect: str) -> None:
    body = {"change": {"names": ["lower_case"], "where": "stars > 2"}, "expect": expect}
    [row] = until(maker, f"{E}/generated/check", body)["rows"]
    assert row["verdict"]["verdict"] == "pass"
    assert "where: stars > 2" in row["yaml"]
    made = maker.post(f"{E}/suites/kept/checks", json={"checks": [row["yaml"]]})
    assert made.status_code == 201, made.text


def test_a_change_with_options_and_several_steps_becomes_a_check(maker: Client) -> None:
    change = {
        "names": ["name_swap", "lower_case"], "options": {"group": "hispanic"}, "strength": 0.5,
        "columns": ["text"],
    }  # fmt: skip
    [row] = until(maker, f"{E}/generated/check", {"change": change})["rows"]
    assert "name_swap(group=hispanic) | lower_case" in row["yaml"]
    assert "strength: 0.5" in row["yaml"]
    assert "columns: [text]" in row["yaml"]
    made = maker.post(f"{E}/suites/kept/checks", json={"checks": [row["yaml"]]})
    assert made.status_code == 201, made.text
    bad = row["yaml"].replace("group=", "grop=")
    refused = maker.patch(f"{E}/suites/kept", json={"check": row["check"], "text": bad})
    assert "'name_swap' has no option 'grop'" in refused.json()["message"]


def test_a_template_becomes_a_check(maker: Client) -> None:
    template = {"template": "It was {adjective:negative}.", "label": "neg"}
    body = {"template": template, "min_share": 0.9, "n": 5, "name": "bad words"}
    [row] = until(maker, f"{E}/generated/check", body)["rows"]
    assert (row["check"], row["kind"]) == ("bad words", "template")
    assert "min_share: 0.9" in row["yaml"]
    assert maker.post(f"{E}/suites/kept/checks", json={"checks": [row["yaml"]]}).status_code == 201


def test_changed_rows_become_a_dataset_with_their_labels(maker: Client, folder: Path) -> None:
    body = {"change": {"names": ["typo"], "strength": 0.5}, "n": 50, "name": "typos"}
    answer = maker.post(f"{E}/generated", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["label"] == "mood"
    with mp.open(folder) as workspace:
        kept = workspace.dataset("typos")
        assert len(kept) == 50
        assert str(kept.schema["text"].type.value) == "text"
        assert kept.label == "mood"
        assert "changed_from" not in kept.inputs
        workspace.add_model("words", by_words, classes=["neg", "pos"])
        assert workspace.evaluate("words", "typos").n == 50
    again = maker.post(f"{E}/generated", json=body)
    assert again.status_code == 409
    assert "already" in again.json()["message"]


def test_rows_whose_answer_may_be_another_have_no_label(maker: Client) -> None:
    body = {"change": {"names": ["number_change"]}, "n": 20, "name": "renumbered"}
    answer = maker.post(f"{KNOWN}/generated", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["label"] is None


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_generated_rows_are_downloaded(maker: Client, kind: str) -> None:
    template = {"template": "{name} was {adjective:positive}.", "label": "pos", "vary": "name"}
    body = {"template": template, "n": 1, "format": kind}
    answer = maker.post(f"{E}/generated/file", json=body)
    assert answer.status_code == 200, answer.text
    assert f"reviews-generated.{kind}" in answer.headers["content-disposition"]
    data = io.BytesIO(answer.content)
    frame = pd.read_csv(data) if kind == "csv" else pd.read_parquet(data)
    assert len(frame) > 100
    assert set(frame["mood"]) == {"pos"}
    assert set(frame["set"]) == {0}


def test_a_change_of_nothing_is_no_dataset(maker: Client) -> None:
    body = {"change": {"names": ["typo"], "strength": 0.0}, "name": "none"}
    answer = maker.post(f"{E}/generated", json=body)
    assert answer.status_code == 400
    assert "changes none" in answer.json()["message"]


def test_either_a_change_or_a_template(maker: Client) -> None:
    for body in ({}, {"change": {"names": ["typo"]}, "template": {"template": "a"}}):
        answer = maker.post(f"{E}/generated/check", json=body)
        assert answer.status_code == 400
        assert "either a change or a template" in answer.json()["message"]


def test_a_count_is_cancelled(folder: Path, maker: Client) -> None:
    del maker
    with mp.open(folder) as workspace:
        workspace.add_model("slow", slow, classes=["neg", "pos"])
        with client_of(workspace, wait_s=0.01) as client:
            path = "/api/v1/evaluations/slow@1/reviews@1/perturb"
            body = {"names": ["typo"], "limit": 250}
            job = client.post(path, json=body)
            assert job.status_code == 202
            client.delete(f"/api/v1/jobs/{job.json()['id']}")
            state = client.get(f"/api/v1/jobs/{job.json()['id']}").json()["state"]
            assert state == "cancelled"


def test_rows_are_made_up_with_a_report_and_kept(maker: Client, folder: Path) -> None:
    body = {"where": "stars > 2", "n": 200, "shown": 3, "seed": 7}
    found = until(maker, f"{E}/synthetic", body)
    with mp.open(folder) as workspace:
        known = workspace.synthesise("reviews", 200, where="stars > 2", seed=7)
    assert found["rows"] == known.to_dict()["rows"]
    assert (found["auc"], found["copies"]) == (pytest.approx(known.auc), known.copies)
    assert found["closer_low"] <= found["closer"] <= found["closer_high"]
    assert (found["names"], found["label"]) == (["stars", "mood"], "mood")
    assert found["examples"] == known.frame.head(3).to_numpy().tolist()
    assert found["left_out"] == ["id", "text"]
    draft = {"synthetic": {"where": "stars > 2", "seed": 7}, "n": 200}
    stored = maker.post(f"{E}/generated", json=draft | {"name": "more"}).json()
    assert (stored["n"], stored["label"], stored["columns"]) == (200, "mood", ["stars", "mood"])
    file = maker.post(f"{E}/generated/file", json=draft | {"format": "csv"})
    assert pd.read_csv(io.BytesIO(file.content)).equals(known.frame)


def test_rows_like_those_that_are_wrong_are_made_up(maker: Client) -> None:
    found = until(maker, f"{E}/synthetic", {"where": "prediction = 'pos'", "n": 50})
    assert found["source"]["where"] == "prediction = 'pos'"
    assert {row[found["names"].index("mood")] for row in found["examples"]} == {"pos"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"where": "stars > 99"}, "too few to learn from"),
        ({"where": "sters > 9"}, "no column 'sters'"),
        ({"columns": ["weight"]}, "no column 'weight'"),
        ({"columns": ["text"]}, "no column can be made up"),
    ],
    ids=["few", "cohort", "column", "text"],
)
def test_what_cannot_be_made_up_is_told(maker: Client, body: Any, says: str) -> None:
    first = maker.post(f"{E}/synthetic", json=body)
    if first.status_code == 202:
        maker.get(f"/api/v1/jobs/{first.json()['id']}/events")
        first = maker.post(f"{E}/synthetic", json=body)
    assert first.status_code == 400, first.text
    assert says in first.json()["message"]
    kept = maker.post(f"{E}/generated/file", json={"synthetic": body, "n": 10})
    assert (kept.status_code, kept.json()["message"]) == (400, first.json()["message"])
