"""Perturbed rows, advice and fills of an evaluation: planted flaws are found, sound models pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import (
    BadOption,
    MispredictError,
    ModelError,
    UnknownColumn,
    UnknownName,
)

GOOD = ["wonderful", "excellent", "delightful", "splendid"]
BAD = ["terrible", "tedious", "horrible", "boring"]


def reviews(rows: int = 300, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    is_good = rng.random(rows) < 0.5
    words = [rng.choice(GOOD if good else BAD) for good in is_good]
    names = rng.choice(["Emily", "James", "Priya"], rows)
    texts = [
        f"{n} thought the evening was {w} on day {i}."
        for i, (n, w) in enumerate(zip(names, words, strict=True))
    ]
    return pd.DataFrame(
        {"id": range(rows), "text": texts, "label": np.where(is_good, "pos", "neg")}
    )


def by_words(frame: pd.DataFrame) -> list[str]:
    """Breaks on typos: knows whole words only."""
    return ["pos" if any(word in text for word in GOOD) else "neg" for text in frame["text"]]


def by_letters(frame: pd.DataFrame) -> list[str]:
    """Sound: knows words by their first letters."""
    starts = tuple(word[0] for word in GOOD)
    return [
        "pos" if text.split()[5].lower().startswith(starts) else "neg" for text in frame["text"]
    ]


def by_name(frame: pd.DataFrame) -> list[str]:
    """Depends on a list of names."""
    said = by_words(frame)
    return ["neg" if "Emily" in t else s for t, s in zip(frame["text"], said, strict=True)]


MODELS = {"words": by_words, "letters": by_letters, "names": by_name}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Workspace]:
    with mp.open(tmp_path_factory.mktemp("perturbing") / "ws") as ws:
        ws.add_dataset("reviews", reviews(), label="label", id="id")
        for name, model in MODELS.items():
            ws.add_model(name, model, classes=["neg", "pos"])
            ws.evaluate(name, "reviews")
        yield ws


def of(ws: mp.Workspace, model: str) -> mp.Evaluation:
    return ws.evaluation(f"{model}/reviews")


def test_a_model_that_breaks_on_typos_is_found(texts: mp.Workspace) -> None:
    broken = of(texts, "words").perturb("typo_keyboard", strength=1)
    sound = of(texts, "letters").perturb("typo_keyboard", strength=1)
    assert broken.low > 0.3
    assert sound.flips == 0
    assert sound.high < 0.02
    assert broken.accuracy > broken.accuracy_after + 0.3
    assert broken.altered == broken.n == 300


def test_a_model_that_depends_on_names_is_found(texts: mp.Workspace) -> None:
    found = of(texts, "names").perturb("name_swap", strength=1)
    assert found.low > 0.08
    assert of(texts, "words").perturb("name_swap", strength=1).flips == 0


def test_rows_with_another_prediction_come_first_and_can_be_kept(texts: mp.Workspace) -> None:
    found = of(texts, "words").perturb("typo_swap", strength=0.6, limit=100, seed=3)
    frame = found.to_frame()
    flips = frame["flipped"].tolist()
    assert flips == sorted(flips, reverse=True)
    assert sum(flips) == found.flips
    assert (frame["before"] != frame["after"]).all()
    assert len(found.inputs) == found.altered
    trained_on = found.labelled("answer")
    assert set(trained_on["answer"]) == {"pos", "neg"}
    is_good = trained_on["answer"] == "pos"
    kept = found.inputs["text"].str.contains("|".join(BAD))
    assert not (kept & is_good).any()
    assert str(found.flips) in found.sentence
    assert found.to_dict()["rows"][0]["before"].keys() == {"text"}
    assert "inputs" not in found.to_dict()


def test_the_seed_and_not_the_cohort_decides_what_a_row_becomes(texts: mp.Workspace) -> None:
    whole = of(texts, "words").perturb("typo", seed=5).to_frame().set_index("row")
    part = of(texts, "words").perturb("typo", seed=5, where="label = 'pos'").to_frame()
    part = part.set_index("row")
    assert (whole.loc[part.index, "after"] == part["after"]).all()
    assert set(part["label"]) == {"pos"}


def test_label_changing_perturbations_say_so(texts: mp.Workspace) -> None:
    found = of(texts, "words").perturb("negate")
    assert not found.keeps_label
    assert np.isnan(found.accuracy_after)
    assert "another one now" in found.note
    assert found.labelled()["label"].isna().all()


def test_tables_are_perturbed(ev: mp.Evaluation) -> None:
    found = ev.perturb("noise", strength=0.5, columns=["age"], limit=200)
    assert 0 < found.share < 0.5
    assert found.low <= found.share <= found.high
    assert set(found.rows[0].before) == {"age"}
    swapped = ev.perturb("category_swap", strength=1, columns=["city"])
    assert set(swapped.rows[0].after) == {"city"}
    gone = ev.perturb("missing", strength=0.5)
    assert gone.failed == 0
    assert gone.altered == gone.n


def test_predictions_alone_cannot_be_perturbed(ws: mp.Workspace) -> None:
    ws.add_dataset("reviews", reviews(20), label="label", id="id")
    frame = reviews(20)[["id"]].assign(prediction="pos")
    found = ws.add_predictions("alone", "reviews", frame)
    with pytest.raises(ModelError, match="cannot be asked"):
        found.perturb("typo")


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda ev: ev.perturb("tpyo"), UnknownName, "typo"),
        (lambda ev: ev.perturb("typo", strength=2), BadOption, "strength"),
        (lambda ev: ev.perturb("typo", limit=0), BadOption, "limit"),
        (lambda ev: ev.perturb("typo", columns=["txt"]), UnknownColumn, "text"),
        (lambda ev: ev.perturb("typo", flavour=1), BadOption, "flavour"),
        (lambda ev: ev.perturb("noise"), BadOption, "numbers"),
        (lambda ev: ev.augmentation_advice(strengths=[0]), BadOption, "strengths"),
        (lambda ev: ev.augmentation_advice(strengths=[]), BadOption, "strengths"),
        (lambda ev: ev.augmentation_advice(ceiling="nobody"), UnknownName, "nobody"),
        (lambda ev: ev.augmentation_advice(ceiling="words"), BadOption, "the model itself"),
        (lambda ev: ev.augmentation_advice(ceiling="words@1"), BadOption, "the model itself"),
        (lambda ev: ev.augmentation_advice(votes={"x": [1]}), UnknownColumn, "perturbation"),
        (lambda ev: ev.fill("{column:Txt}"), UnknownColumn, "Txt"),
    ],
)
def test_errors_say_what_to_do(texts: mp.Workspace, call, kind, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(kind) as error:
        call(of(texts, "words"))
    assert words in str(error.value)


def verdicts(advice: Any) -> dict[str, str]:
    return {row.perturbation: row.verdict for row in advice.rows}


def test_advice_tells_what_is_worth_adding(texts: mp.Workspace) -> None:
    names: Sequence[str] = ["typo_swap", "name_swap", "lookalike", "negate"]
    found = of(texts, "words").augmentation_advice(names, strengths=[0.6], ceiling="letters")
    said = verdicts(found)
    assert said["name_swap"] == "robust"
    assert said["negate"] == "unknown"
    assert said["lookalike"] == "unrealistic"
    swap = next(row for row in found.rows if row.perturbation == "typo_swap")
    assert swap.low > 0
    assert swap.clear == 1
    assert swap.verdict in ("add", "unrealistic")
    assert not any("ceiling" in warning for warning in found.warnings)


def test_rows_that_are_not_clear_are_not_worth_adding(texts: mp.Workspace) -> None:
    votes = pd.DataFrame({"perturbation": "synonyms", "correct": [1, 0] * 40})
    found = of(texts, "words").augmentation_advice(["synonyms"], strengths=[1.0], votes=votes)
    row = found.rows[0]
    assert row.clear == 0.5
    assert found.ceiling == "votes"


def test_a_poor_ceiling_is_no_ceiling(texts: mp.Workspace) -> None:
    """It says nothing of what is clear, and not that the task is ambiguous."""

    def opposite(frame: pd.DataFrame) -> list[str]:
        is_odd = frame["text"].str.len() % 3 == 0
        said = np.array(by_words(frame))
        return list(np.where(is_odd, np.where(said == "pos", "neg", "pos"), said))

    texts.add_model("poor", opposite, classes=["neg", "pos"])
    texts.evaluate("poor", "reviews")
    given = {"strengths": [0.6], "sample": 200}
    poor = of(texts, "letters").augmentation_advice(["typo_swap"], ceiling="poor", **given)
    assert any("no ceiling" in warning for warning in poor.warnings)
    assert not any("ambiguous" in warning for warning in poor.warnings)
    both = [
        of(texts, "words").augmentation_advice(["typo_swap"], ceiling=ceiling, **given).rows[0]
        for ceiling in ("poor", None)
    ]
    assert both[0].verdict == both[1].verdict  # as without any
    assert "ceiling" not in both[0].sentence and both[0].clear < 0.8


def test_advice_warns_of_small_models_and_ambiguous_data(ev: mp.Evaluation) -> None:
    found = ev.augmentation_advice(["noise", "missing"], strengths=[0.3], sample=200)
    assert any("small" in warning for warning in found.warnings)
    assert any("ceiling" in warning for warning in found.warnings)
    assert any("equal with another label" in warning for warning in found.warnings)
    assert {row.perturbation for row in found.rows} == {"noise", "missing"}
    assert found.to_dict()["rows"]


def test_fills_take_values_of_the_data(ev: mp.Evaluation) -> None:
    row = {"age": "{age}", "city": "{column:city}"}
    made = ev.fill(row, None, age=[20, 80])
    assert set(made.inputs["city"]) == {"Rome", "Oslo", "Bern"}
    assert len(made) == 6
    only = ev.fill(row, None, age=[20], where="city = 'Rome'")
    assert only.inputs["city"].tolist() == ["Rome"]


def test_rows_are_made_up_and_kept(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ws.add_dataset("people", frame, label="churn", metadata=["note"])
    found = ws.synthesise("people", 80, where="age > 40", name="more-people")
    assert found.kept == "more-people@1"
    assert found.source.where == "age > 40"
    assert found.left_out == ("user_id", "since", "note")
    assert (found.frame["age"].dropna() > 40).all()
    kept = ws.dataset("more-people")
    assert len(kept) == 80
    assert kept.label == "churn"
    assert found.to_dict()["warnings"] is not None
    assert "made" not in found.to_dict()


def test_made_up_rows_need_rows_and_columns(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ws.add_dataset("people", frame, label="churn")
    with pytest.raises(MispredictError, match="too few"):
        ws.synthesise("people", where="age > 89")
    with pytest.raises(UnknownColumn, match="agee"):
        ws.synthesise("people", columns=["agee"])
    with pytest.raises(BadOption, match="n=99999999999 cannot"):
        ws.synthesise("people", 99_999_999_999)
    with pytest.raises(MispredictError, match="no column can be made up"):
        ws.synthesise("people", columns=["note"])


def test_a_model_that_cannot_answer_is_told_and_no_share_is_made_up(tmp_path) -> None:  # type: ignore[no-untyped-def]
    frame = reviews(60)
    known = set(frame["text"])

    def refuses(given: pd.DataFrame) -> list[str]:
        if not known.issuperset(given["text"]):
            raise ValueError("such a text was never seen")
        return by_words(given)

    with mp.open(tmp_path / "w") as workspace:
        workspace.add_dataset("reviews", frame, label="label", id="id", types={"text": "text"})
        workspace.add_model("strict", refuses)
        ev = workspace.evaluate("strict", "reviews")
        found = ev.perturb("typo", limit=40)
        assert found.failed == found.altered == 40
        assert found.sentence.endswith("40 rows, and the model could answer none of them.")
        known.update(found.inputs["text"][:30])
        part = ev.perturb("typo", limit=40)
        assert part.sentence.endswith("The model could not answer 10 of them.")
