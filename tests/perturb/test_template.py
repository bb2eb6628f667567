"""Templates: places, lexicons, labels by rule, and how they are filled."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mispredict as mp
from mispredict.core.errors import BadOption, UnknownColumn, UnknownName
from mispredict.perturb import lexicons


def test_every_fill_is_made() -> None:
    made = mp.template("{who} is {a job}.", who=["Ana", "Bo"], job=["actor", "baker"]).fill()
    assert made.to_frame()["text"].tolist() == [
        "Ana is an actor.",
        "Bo is an actor.",
        "Ana is a baker.",
        "Bo is a baker.",
    ]
    assert made.columns == ("text", "label", "set", "who", "job")


def test_a_sample_has_different_rows_and_the_seed_decides() -> None:
    template = mp.template("{name} met {surname} in {city}.")
    one, again, other = template.fill(50, 1), template.fill(50, 1), template.fill(50, 2)
    texts = one.to_frame()["text"]
    assert texts.is_unique
    assert len(texts) == 50
    assert texts.tolist() == again.to_frame()["text"].tolist() != other.to_frame()["text"].tolist()


def test_numbered_places_are_different_words() -> None:
    frame = mp.template("{name1} and {name2}").fill(300).to_frame()
    assert (frame["name1"] != frame["name2"]).all()


def test_numbered_places_have_as_many_fills_as_are_asked_for() -> None:
    five = mp.template("{x1}{x2}{x3}{x4}{x5}", x=["a", "b", "c", "d", "e"]).fill(100)
    assert len({row.values["text"] for row in five.rows}) == 100
    many = mp.template(" ".join(f"{{name{place}}}" for place in range(12))).fill(5)
    assert [len({*row.words.values()}) for row in many.rows] == [12] * 5


def test_words_that_cannot_differ_are_told() -> None:
    with pytest.raises(BadOption, match="no row with different words"):
        mp.template("{x1} {x2}", x=["a"]).fill()


def test_a_varied_place_goes_through_all_its_words() -> None:
    made = mp.template(["{who} likes {city}.", "{city} is liked by {who}."], who=["Ana", "Bo"])
    frame = made.fill(6, vary="who").to_frame()
    assert frame.groupby("set")["who"].agg(tuple).tolist() == [("Ana", "Bo")] * 6
    assert frame.groupby("set")["city"].nunique().eq(1).all()


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("yes", ["yes", "yes"]),
        (None, [None, None]),
        (lambda words: len(words["mood"]), [4, 3]),
        ({"mood": {"good": 1, "bad": 0}}, [1, 0]),
        ({"mood": {"plus": "P", "minus": "N"}}, ["P", "N"]),
    ],
    ids=["constant", "none", "function", "by word", "by group"],
)
def test_labels_follow_a_rule(label, wanted) -> None:  # type: ignore[no-untyped-def]
    mood = {"plus": ["good"], "minus": ["bad"]}
    made = mp.template("It is {mood}.", label=label, mood=mood).fill()
    assert [row.label for row in made.rows] == wanted


def test_rows_of_tables_keep_types_and_take_values_of_data() -> None:
    data = pd.DataFrame({"City": ["Rome", "Oslo", None, "Rome"]})
    row = {"age": "{age}", "city": "{column:City}", "note": "{{{age}}}", "plan": 3}
    made = mp.template(row, age=[20, 70]).fill(data=data)
    inputs = made.inputs
    assert inputs.columns.tolist() == ["age", "city", "note", "plan"]
    assert inputs["age"].tolist() == [20, 70, 20, 70]
    assert inputs["city"].tolist() == ["Rome", "Rome", "Oslo", "Oslo"]
    assert inputs["note"].tolist()[:2] == ["{20}", "{70}"]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("actor", "an actor"),
        ("baker", "a baker"),
        ("hour", "an hour"),
        ("university", "a university"),
        ("umbrella", "an umbrella"),
        ("European", "a European"),
        ("one-off", "a one-off"),
    ],
)
def test_articles(word: str, said: str) -> None:
    assert mp.template("{a x}", x=[word]).fill().rows[0].values["text"] == said
    capital = mp.template("{A x}", x=[word]).fill().rows[0].values["text"]
    assert capital == said.capitalize().replace(word.lower(), word)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 60), st.integers(0, 5))
def test_never_more_than_asked_for_and_as_many_as_there_are(n: int, seed: int) -> None:
    template = mp.template("{a1} {b}", a1=list("xyz"), b=list("0123456"))
    assert len(template.fill(n, seed)) == min(n, 21) == min(n, template.size)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: mp.template("{nme} is here"), UnknownName, "'name'"),
        (lambda: mp.template("{name:elvish}"), UnknownName, "elvish"),
        (lambda: mp.template("{na me}"), BadOption, "is no place"),
        (lambda: mp.template("a {name"), BadOption, "is no place"),
        (lambda: mp.template([]), BadOption, "nothing"),
        (lambda: mp.template("{x}", x=[]), BadOption, "empty"),
        (lambda: mp.template("{x}", x=3), BadOption, "no lexicon"),
        (lambda: mp.template("{name}", x=["a"]), BadOption, "no place in the template"),
        (lambda: mp.template("{name}").fill(0), BadOption, "n=0"),
        (lambda: mp.template("{name}").fill(vary="x"), BadOption, "vary"),
        (lambda: mp.template("{name} {surname} {city} {country}").fill(), BadOption, "fills"),
        (lambda: mp.template("{column:City}").fill(), BadOption, "takes values from data"),
        (
            lambda: mp.template("{column:City}").fill(data=pd.DataFrame({"Cty": ["a"]})),
            UnknownColumn,
            "City",
        ),
        (lambda: mp.template("{name}", label={"x": {"a": 1}}), BadOption, "label"),
        (lambda: mp.template("{name}", label={"name": {"Zz": 1}}), BadOption, "label"),
    ],
)
def test_errors_say_what_to_do(call, kind, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(kind) as error:
        call()
    assert words in str(error.value)


@pytest.mark.parametrize("kind", lexicons.kinds())
def test_lexicons_have_words_that_are_different(kind: str) -> None:
    words = lexicons.lexicon(kind)
    assert len(words) >= 5
    assert all(word == word.strip() and word for word in words)


@pytest.mark.parametrize("file", lexicons.files_of_words())
def test_every_file_of_words_names_its_source(file: str) -> None:
    assert "Source:" in lexicons.source(file)


def test_a_result_of_a_template_is_plain_json() -> None:
    made = mp.template("{name}").fill(3)
    assert len(made.to_dict()["rows"]) == 3
    assert "<table" in made._repr_html_()
