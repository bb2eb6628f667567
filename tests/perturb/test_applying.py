"""Applying perturbations: forms of values, chains, users' own, and errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

import mispredict as mp
from mispredict.checks.catalog import KINDS, Check
from mispredict.checks.running import run_checks
from mispredict.core.errors import BadOption, UnknownColumn, UnknownName
from mispredict.perturb import PERTURBATIONS, Reference, apply, chain_of
from mispredict.perturb import applying as applying_module
from mispredict.workspace.testing.subject import EvaluationSubject

TEXTS = ["a wonderful film", None, "", "an awful mistake"]


@pytest.fixture
def shout() -> Iterator[str]:
    @mp.perturbation("shout", on="text", keeps_label=True)
    def shout(texts, strength, rng, *, mark="!"):  # type: ignore[no-untyped-def]
        """Texts in capitals."""
        drawn = rng.random()
        return [t.upper() + mark if u < strength else t for t, u in zip(texts, drawn, strict=True)]

    yield "shout"
    del PERTURBATIONS._items["shout"]


@pytest.mark.parametrize(
    "made",
    [
        list,
        lambda texts: pd.Series(texts, dtype=object, index=[5, 6, 7, 8]),
        lambda texts: pd.Series(texts, dtype="string"),
        lambda texts: np.array(texts, dtype=object),
        pa.array,
        lambda texts: pa.chunked_array([texts[:1], texts[1:]]),
    ],
    ids=["list", "series", "string series", "numpy", "arrow", "chunked"],
)
def test_texts_come_back_as_they_were_given(made) -> None:  # type: ignore[no-untyped-def]
    values = made(TEXTS)
    after = apply("typo_swap", values, 0.5).after
    assert type(after) is type(values) or isinstance(after, pa.ChunkedArray | pa.Array)
    plain = after.to_pylist() if hasattr(after, "to_pylist") else list(after)
    assert plain[0] != TEXTS[0]
    assert pd.isna(plain[1])
    assert plain[2] == ""
    if isinstance(values, pd.Series):
        assert after.index.equals(values.index)


def test_batches_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"the {word} was rather surprising today" for word in ("weather", "soup", "x")] * 20
    whole = apply("typo | filler_add", texts, 0.3, 4).after
    monkeypatch.setattr(applying_module, "BATCH", 7)
    assert apply("typo | filler_add", texts, 0.3, 4).after == whole


def test_a_chain_does_one_after_the_other() -> None:
    chain = chain_of("upper_case") | chain_of("punctuation_end")
    assert chain.name == "upper_case | punctuation_end"
    assert apply(chain, ["fine"], 1).after == ["FINE."]
    assert apply(["upper_case", "punctuation_end"], ["fine"], 1).after == ["FINE."]
    assert chain.keeps_label
    assert not chain_of("typo | negate").keeps_label


def test_a_users_own_function_is_a_perturbation(shout: str) -> None:
    altered = apply(shout, ["so", None], 1, mark="?")
    assert altered.after == ["SO?", None]
    assert PERTURBATIONS["shout"].summary == "Texts in capitals."
    assert PERTURBATIONS["shout"].options == {"mark": "!"}


def test_a_users_own_function_of_frames() -> None:
    @mp.perturbation("older", on="tabular", keeps_label=False)
    def older(frame, strength, rng):  # type: ignore[no-untyped-def]
        """A year more."""
        return frame.assign(age=frame["age"] + 1)

    try:
        altered = apply("older", pd.DataFrame({"age": [1, 2]}))
    finally:
        del PERTURBATIONS._items["older"]
    assert altered.after["age"].tolist() == [2, 3]
    assert altered.is_changed.all()


def test_images_have_a_seam() -> None:
    @mp.perturbation("dark", on="image", keeps_label=True)
    def dark(images, strength, rng):  # type: ignore[no-untyped-def]
        """Darker."""
        return [image * (1 - strength) for image in images]

    try:
        altered = apply("dark", [np.ones(2)], 0.25)
    finally:
        del PERTURBATIONS._items["dark"]
    assert altered.after[0].tolist() == [0.75, 0.75]


@pytest.fixture
def covered() -> Iterator[None]:
    @mp.perturbation("covered", on="image", keeps_label=True)
    def covered(images, strength, rng):  # type: ignore[no-untyped-def]
        """The beginning of some images is covered."""
        return [
            np.where(np.arange(len(image)) < strength * len(image), 0, image) if u < 0.5 else image
            for image, u in zip(images, rng.random(), strict=True)
        ]

    yield
    del PERTURBATIONS._items["covered"]


PICTURES = [np.ones(4), None, np.full(4, 2.0), np.ones(6), np.ones(4)]


@pytest.mark.usefixtures("covered")
def test_images_in_a_column_are_changed_and_nothing_else() -> None:
    frame = pd.DataFrame({"n": range(5), "picture": pd.Series(PICTURES, dtype=object)})
    altered = apply("covered", frame, 0.5, seed=3)
    after = altered.after["picture"]
    moved = [not np.array_equal(new, old) for new, old in zip(after, PICTURES, strict=True)]
    moved[1] = False  # it is missing
    assert altered.is_changed.tolist() == moved and 0 < sum(moved) < 4
    assert altered.columns == ("picture",)
    assert after[1] is None and frame["picture"][0].tolist() == [1, 1, 1, 1]
    assert all(image[0] == 0 for image, is_moved in zip(after, moved, strict=True) if is_moved)
    part = apply("covered", frame[2:], 0.5, seed=3, rows=np.arange(2, 5))
    assert part.is_changed.tolist() == moved[2:]  # draws belong to rows


@pytest.mark.usefixtures("covered")
def test_a_frame_without_images_is_refused() -> None:
    with pytest.raises(BadOption, match="'covered' changes images, and no column holds any"):
        apply("covered", pd.DataFrame({"n": range(5)}))


@pytest.mark.usefixtures("covered")
def test_checks_perturb_images_of_a_dataset(tmp_path: Path) -> None:
    digits = load_digits(n_class=3)
    names = [f"digit {digit}" for digit in digits.target]
    frame = pd.DataFrame({"picture": list(digits.data), "digit": names})
    known = LogisticRegression(max_iter=300).fit(digits.data[300:], names[300:])

    def model(batch):  # type: ignore[no-untyped-def]
        chances = known.predict_proba(np.stack(list(batch["picture"])))
        return pd.DataFrame(chances, columns=known.classes_)

    with mp.open(tmp_path / "ws") as ws:
        ws.add_dataset("digits", frame[:300], label="digit")
        ws.add_model("linear", model)
        ev = ws.evaluate("linear", "digits")
        found = ev.perturb("covered", strength=0.9, limit=100)
        assert found.n == 100 and 20 < found.altered < 80
        assert all(row.before == {"picture": "<64 float64>"} for row in found.rows)
        assert "<64 float64>" in str(found) and len(max(str(found).splitlines(), key=len)) < 250
        options = {"perturbations": ("covered",), "sample": 100, "strength": 0.9}
        checks = [
            Check("kept", KINDS["augmentation"](**options)),
            Check("wanted", KINDS["adversarial"](target="digit 1", tries=2, **options)),
        ]
        with EvaluationSubject(ev) as subject:
            kept, wanted = run_checks(checks, subject).rows
    assert kept.verdict == "fail" and 20 < kept.n < 80
    (change,) = kept.examples[0].changes
    assert change.column == "picture" and change.before == "<64 float64>"
    assert wanted.verdict in ("pass", "unsure", "fail") and 80 < wanted.n <= 100


def test_text_perturbations_change_the_text_columns_of_a_frame() -> None:
    frame = pd.DataFrame(
        {
            "review": ["a wonderful evening with friends", "an awful and noisy place"],
            "city": ["Paris", "Rome"],
        }
    )
    altered = apply("typo_swap", frame, 0.5)
    assert (altered.after["review"] != frame["review"]).all()
    assert altered.after["city"].tolist() == ["Paris", "Rome"]
    named = apply("upper_case", frame, 1, columns=["city"]).after
    assert named["city"].tolist() == ["PARIS", "ROME"]


def test_noise_stays_inside_the_data_and_whole() -> None:
    frame = pd.DataFrame({"age": np.arange(18, 80), "height": np.linspace(1.5, 2, 62).round(2)})
    after = apply("noise", frame, 1).after
    assert after["age"].dtype == frame["age"].dtype
    assert after["age"].between(18, 79).all()
    assert (after["height"] == after["height"].round(2)).all()
    assert after["height"].between(1.5, 2).all()


def test_noise_has_the_size_that_was_asked_for() -> None:
    frame = pd.DataFrame({"x": np.random.default_rng(0).normal(size=20_000)})
    moved = apply("noise", frame, 0.25, beyond=True).after["x"] - frame["x"]
    assert moved.std() == pytest.approx(0.25, rel=0.03)
    assert abs(moved.mean()) < 0.01


def test_swapped_categories_are_never_their_own_and_as_frequent_as_in_the_data() -> None:
    values = np.random.default_rng(0).choice(["a", "b", "c"], 30_000, p=[0.6, 0.3, 0.1])
    frame = pd.DataFrame({"kind": values})
    after = apply("category_swap", frame, 1).after["kind"]
    assert (after != frame["kind"]).all()
    from_a = after[frame["kind"] == "a"].value_counts(normalize=True)
    assert from_a["b"] == pytest.approx(0.75, abs=0.02)


def test_shares_are_those_that_were_asked_for() -> None:
    frame = pd.DataFrame(np.ones((4_000, 20))).rename(columns=str)
    assert apply("missing", frame, 0.2).after.isna().to_numpy().mean() == pytest.approx(
        0.2, abs=0.01
    )
    few = apply("missing", frame, 0.001).after.isna().to_numpy().sum(axis=1)
    assert few.min() == 1


def test_what_is_known_of_columns_is_said_by_the_reference() -> None:
    frame = pd.DataFrame({"x": [0.0, 10.0], "c": ["a", "a"]})
    wide = pd.DataFrame({"x": [0.0, 1000.0], "c": ["a", "b"]})
    after = apply("category_swap", frame, 1, reference=Reference.of(wide)).after
    assert after["c"].tolist() == ["b", "b"]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: apply("typo_swp", ["a"]), UnknownName, "typo_swap"),
        (lambda: apply([], ["a"]), BadOption, "no perturbation was named"),
        (lambda: apply(3, ["a"]), BadOption, "is no perturbation"),  # type: ignore[arg-type]
        (lambda: apply("typo", ["a"], 1.5), BadOption, "strength"),
        (lambda: apply("typo", ["a"], 0.5, -1), BadOption, "seed"),
        (lambda: apply("typo", ["a"], group="x"), BadOption, "no option 'group'"),
        (lambda: apply("noise", ["a"]), BadOption, "rows of a table"),
        (lambda: apply("noise", pd.DataFrame({"c": ["a"]})), BadOption, "no such column"),
        (lambda: apply("typo", pd.DataFrame({"c": [1]})), BadOption, "no text column"),
        (
            lambda: apply("noise", pd.DataFrame({"age": [1]}), columns=["aeg"]),
            UnknownColumn,
            "'aeg'",
        ),
        (lambda: apply("paraphrase", ["a"]), BadOption, "paraphraser"),
        (lambda: apply("synonyms", ["a"], synonyms=3), BadOption, "synonyms=3"),
        (lambda: apply("name_swap", ["Emily"], group="elvish"), UnknownName, "elvish"),
        (lambda: apply("paraphrase", ["a"], paraphraser=lambda t: []), BadOption, "gave 0 values"),
        (lambda: mp.perturbation("x", on="smell", keeps_label=True), BadOption, "on='smell'"),
    ],
)
def test_errors_say_what_to_do(call, kind, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(kind) as error:
        call()
    assert words in str(error.value)
    assert error.value.hint


def test_synonyms_of_ones_own() -> None:
    given = {"cheap": ["inexpensive"]}
    assert apply("synonyms", ["Cheap food"], synonyms=given).after == ["Inexpensive food"]
    assert apply("synonyms", ["cheap food"], synonyms=lambda w: [w * 2]).after != ["cheap food"]


def test_names_stay_the_same_in_a_text_and_take_the_group() -> None:
    from mispredict.perturb.lexicons import lexicon

    after = apply("name_swap", ["James saw Emily and JAMES waved"], 1, group="hispanic").after[0]
    words = after.split()
    assert words[4] == words[0].upper()
    assert words[0] in lexicon("name:male_hispanic")
    assert words[2] in lexicon("name:female_hispanic")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It is good.", "It is not good."),
        ("It isn't good.", "It is good."),
        ("I don't like it.", "I like it."),
        ("I LIKE IT", "I DO NOT LIKE IT"),
        ("You cannot go", "You can go"),
        ("nothing to negate", "nothing to negate"),
    ],
)
def test_negation_goes_both_ways(before: str, after: str) -> None:
    assert apply("negate", [before], 1).after == [after]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("She saw her brother.", "He saw his sister."),
        ("We saw her.", "We saw him."),
        ("The women and their husbands", "The men and their wives"),
    ],
)
def test_genders_are_swapped_in_the_whole_text(before: str, after: str) -> None:
    assert apply("gender_swap", [before], 0.1).after == [after]


def test_contractions_there_and_back() -> None:
    long = ["I do not think they are here.", "It is what it is"]
    short = apply("contract", long, 1).after
    assert short == ["I don't think they're here.", "It's what it's"]
    assert apply("expand", short, 1).after == long
