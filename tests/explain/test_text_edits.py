"""Minimal edits of texts: what they are, and that they change the prediction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, MissingExtra
from mispredict.explain.text_changes import synonyms as text_changes_synonyms
from mispredict.explain.text_changes.likeness import LetterLikeness, VectorLikeness
from mispredict.explain.text_changes.synonyms import WordNet, synonyms_of
from mispredict.explain.text_changes.words import Draft, Editor, WordEdit, typos

GOOD, BAD = ("great", "lovely", "splendid"), ("awful", "dreadful", "terrible")
SYNONYMS = {"great": ["grand"], "lovely": ["pretty"], "awful": ["nasty"], "film": ["movie"]}


def opinions(rows: int = 200) -> pd.DataFrame:
    random = np.random.default_rng(0)
    filler = np.array(
        [
            "the",
            "film",
            "had",
            "a",
            "long",
            "story",
            "and",
            "many",
            "people",
            "in",
            "it",
            "on",
            "that",
            "day",
        ]
    )
    texts, labels = [], []
    for _ in range(rows):
        is_good = bool(random.random() < 0.5)
        words = random.choice(filler, 12).tolist()
        words.insert(int(random.integers(12)), str(random.choice(GOOD if is_good else BAD)))
        texts.append(f"{' '.join(words).capitalize()}.")
        labels.append("good" if is_good else "bad")
    return pd.DataFrame({"text": texts, "stars": random.integers(1, 6, rows), "mood": labels})


def reader(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts the words it knows; anything else is bad."""
    score = [
        sum(word in GOOD for word in words) - sum(word in BAD for word in words) - 0.5
        for words in (str(text).lower().strip(".").split() for text in frame["text"])
    ]
    p = 1 / (1 + np.exp(-2 * np.array(score)))
    return pd.DataFrame({"bad": 1 - p, "good": p})


@pytest.fixture(scope="module")
def ev(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with mp.open(tmp_path_factory.mktemp("texts") / "ws") as ws:
        ws.add_dataset("opinions", opinions(), label="mood", types={"text": "text"})
        ws.add_model("reader", reader, version="1")
        yield ws.evaluate("reader", "opinions")


@pytest.mark.parametrize("kind", ["typo", "synonym", "delete"])
def test_the_word_that_decides_is_edited(ev: mp.Evaluation, kind: str) -> None:
    words = {**SYNONYMS, "splendid": ["fine"]}
    found = ev.text_edits(
        where="prediction = 'good'", kinds=[kind], synonyms=words, similarity=0.3, sample=30
    )
    assert found.success == 1
    for row in found.rows:
        assert [edit.kind for edit in row.edits] == [kind]
        assert row.edits[0].before.lower() in GOOD
        assert reader(pd.DataFrame({"text": [row.edited]}))["good"][0] < 0.5
        assert (row.before, row.prediction, row.changed) == ("good", "bad", 1)
        assert row.similarity >= 0.3
        assert row.queries >= len(row.text.split())
    assert found.queries_per_row <= 500
    assert ev.mask(found.where).sum() == len(found.rows)


def test_insertions_cannot_deceive_this_reader(ev: mp.Evaluation) -> None:
    found = ev.text_edits(where="prediction = 'good'", kinds=["insert"], sample=10)
    assert (found.found, found.success, found.low) == (0, 0, 0)
    assert found.asked == 10


def test_what_is_too_unlike_is_not_asked_about(ev: mp.Evaluation) -> None:
    found = ev.text_edits(where="prediction = 'good'", kinds=["delete"], similarity=1.0, sample=10)
    assert found.found == 0
    loose = ev.text_edits(where="prediction = 'good'", kinds=["delete"], similarity=0.0, sample=10)
    assert loose.found == 10


def test_tries_bound_what_is_asked_for_each_row(ev: mp.Evaluation) -> None:
    found = ev.text_edits(where="prediction = 'good'", kinds=["typo"], tries=14, sample=10)
    assert found.queries_per_row <= 15
    assert found.queries.rows <= 10 * 14


def test_the_same_seed_gives_the_same(ev: mp.Evaluation) -> None:
    first = ev.text_edits([1, 2, 3], kinds=["typo"], similarity=0.2)
    again = ev.text_edits([3, 1], kinds=["typo"], similarity=0.2)
    assert set(again.rows) <= set(first.rows)


def test_an_embedding_may_say_what_is_alike(ev: mp.Evaluation) -> None:
    def shape(texts: Sequence[str]) -> np.ndarray:
        return np.array([[len(text), 1.0] for text in texts])

    found = ev.text_edits(0, kinds=["typo", "delete"], embedding=shape, similarity=0.99)
    assert found.likeness == "embedding"
    with pytest.raises(BadOption, match="shape"):
        ev.text_edits(0, embedding=lambda texts: np.ones(3))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"column": "stars"}, "'stars' holds no texts"),
        ({"kinds": ["smudge"]}, "kinds='smudge'"),
        ({"kinds": []}, "kinds is empty"),
        ({"similarity": 2}, "similarity=2"),
        ({"embedding": 7}, "embedding=7"),
        ({"kinds": ["synonym"], "synonyms": 7}, "synonyms=7"),
        ({"kinds": ["synonym"], "synonyms": "nowhere"}, "no WordNet in 'nowhere'"),
        ({"target": "fair"}, "target='fair'"),
    ],
    ids=["column", "kind", "empty", "similarity", "embedding", "synonyms", "folder", "class"],
)
def test_options_that_cannot_be_are_refused(
    ev: mp.Evaluation, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(BadOption, match=problem) as error:
        ev.text_edits(0, **options)
    assert error.value.hint


def test_synonyms_without_wordnet_are_left_out_or_asked_for(
    ev: mp.Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_changes_synonyms, "_PLACES", ("/nowhere",))
    monkeypatch.delenv("WNSEARCHDIR", raising=False)
    text_changes_synonyms._installed.cache_clear()
    found = ev.text_edits(0)
    assert "synonym" not in found.kinds
    assert "Synonyms were left out" in found.note
    with pytest.raises(MissingExtra, match="need WordNet") as error:
        ev.text_edits(0, kinds=["synonym"])
    assert "mispredict.demo.wordnet.synonyms" in error.value.hint


@pytest.fixture
def wordnet(tmp_path: Path) -> WordNet:
    """A WordNet of four words, in its own format."""
    data = (
        "00000000 01 v 02 film 0 shoot 0 000 | make a film  \n"
        "00000053 01 n 04 movie 0 film 0 motion_picture 0 Pic(p) 0 000 | a story  \n"
    )
    for part in ("noun", "verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text(data)
        (tmp_path / f"index.{part}").write_text("  1 licence\n")
    (tmp_path / "index.noun").write_text(
        "film n 1 0 1 5 00000053  \nmotion_picture n 1 0 1 0 00000053\n"
    )
    (tmp_path / "index.verb").write_text("film v 1 0 1 2 00000000  \n")
    return WordNet(tmp_path)


@pytest.mark.parametrize(
    ("word", "synonyms"),
    [("film", ("movie",)), ("Films", ("movies",)), ("filming", ("shooting",)), ("story", ())],
    ids=["word", "plural", "verb", "unknown"],
)
def test_synonyms_are_read_from_wordnet_in_the_same_form(
    wordnet: WordNet, word: str, synonyms: tuple[str, ...]
) -> None:
    assert wordnet(word) == synonyms
    assert synonyms_of(wordnet.folder)(word) == synonyms


def test_no_past_is_made_up_for_irregular_verbs(wordnet: WordNet) -> None:
    assert wordnet("filmed") == ()


def test_drafts_keep_the_text_but_for_the_edit() -> None:
    text = "It's  fine — really, isn’t it?\nYes!"
    draft = Draft.of(text)
    assert draft.text == text
    words = [draft.pieces[at] for at in draft.words]
    assert words == ["It's", "fine", "really", "isn’t", "it", "Yes"]
    at = draft.words[2]
    assert (
        draft.edited(at, WordEdit("delete", "really", "")).text == "It's  fine —, isn’t it?\nYes!"
    )
    inserted = draft.edited(at, WordEdit("insert", "", "quite"))
    assert inserted.text == "It's  fine — quite really, isn’t it?\nYes!"
    assert inserted.touched == {at}


def test_negations_are_left_alone() -> None:
    editor = Editor(("typo", "delete", "insert"), None)
    draw = np.random.default_rng(0)
    assert not [
        *editor.edits("never", draw),
        *editor.edits("don't", draw),
        *editor.edits("NOT", draw),
    ]
    assert [*editor.edits("lovely", draw)]


def test_typos_keep_first_and_last_letter_and_short_words() -> None:
    draw = np.random.default_rng(0)
    for word in ("splendid", "Story", "film"):
        for typo in typos(word, draw):
            assert (typo[0], typo[-1]) == (word[0], word[-1])
            assert typo != word
            assert abs(len(typo) - len(word)) <= 1
    assert typos("the", draw) == []
    assert typos("12345", draw) == []


def test_case_follows_the_word() -> None:
    editor = Editor(("synonym",), synonyms_of({"great": ["grand"]}))
    draw = np.random.default_rng(0)
    assert [edit.after for edit in editor.edits("Great", draw)] == ["Grand"]
    assert [edit.after for edit in editor.edits("GREAT", draw)] == ["GRAND"]
    assert [*editor.edits("the", draw)] == []


def test_a_typo_is_more_alike_than_another_word() -> None:
    texts = opinions()["text"].tolist()
    alike = LetterLikeness(texts)
    before = "The film had a splendid story"
    typo, other = "The film had a splendd story", "The film had a dreadful story"
    found = alike([before, before, before], [before, typo, other])
    assert found[0] == pytest.approx(1)
    assert 1 > found[1] > found[2] > 0
    vectors = VectorLikeness(lambda texts: np.array([[len(text), 0.0] for text in texts]))
    assert vectors([before], [typo])[0] == pytest.approx(1)


def test_a_model_of_numbers_has_no_text_to_edit(ws: mp.Workspace) -> None:
    from .people import evaluated

    with pytest.raises(BadOption, match="takes no texts") as error:
        evaluated(ws).text_edits(0)
    assert error.value.hint == "ev.counterfactuals(row)"


def test_texts_alone_have_no_feature_to_vary(ws: mp.Workspace) -> None:
    frame = opinions().drop(columns="stars")
    ws.add_dataset("opinions", frame, label="mood", types={"text": "text"})
    ws.add_model("reader", reader, version="1")
    ev = ws.evaluate("reader", "opinions")
    with pytest.raises(BadOption, match="no feature may change") as error:
        ev.counterfactuals(0)
    assert "ev.text_edits" in error.value.hint
    changed = ev.what_if(0, text="An awful day")
    assert changed.rows[1].prediction == "bad"
    assert "have no nearest one" in changed.note
