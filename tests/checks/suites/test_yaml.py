"""YAML as a tree with places."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.checks.suites.yaml import ListNode, MapNode, TextNode, read_yaml
from mispredict.core.errors import BadSuite


def leaf(text: str, key: str = "where") -> TextNode:
    root = read_yaml(text, "a.yaml")
    assert isinstance(root, MapNode)
    node = root.items[key]
    assert isinstance(node, TextNode)
    return node


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("", None),
        ("~", None),
        ("null", None),
        ("1", 1),
        ("-12", -12),
        ("007", 7),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("1.", 1.0),
        (".inf", math.inf),
        ("'1'", "1"),
        ('"true"', "true"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("0x1F", "0x1F"),
        ("Age > 60", "Age > 60"),
        ("9" * 30, "9" * 30),
    ],
)
def test_words_are_read_as_in_yaml_1_2(written: str, value: Any) -> None:
    assert leaf(f"where: {written}\n").value == value


def test_places_count_from_one() -> None:
    root = read_yaml("suite: a\nchecks:\n  - name: b\n    kind: metric\n", "a.yaml")
    assert isinstance(root, MapNode)
    checks = root.items["checks"]
    assert isinstance(checks, ListNode)
    assert str(checks.items[0].place) == "a.yaml:3:5"
    assert str(checks.items[0].keys["kind"]) == "a.yaml:4:5"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("yaml", "letter", "place"),
    [
        ("where: Age > 60\n", 6, "1:14"),
        ("where: 'Age > 60'\n", 6, "1:15"),
        ('where: "Age > 60"\n', 6, "1:15"),
        ("where: 'City = ''Rome'' AND Agee > 60'\n", 18, "1:29"),
        ('where: "City = \\"x\\" AND Agee > 60"\n', 15, "1:26"),
        ("where: |\n  Age > 60\n  AND Agee < 7\n", 13, "3:7"),
        ("where: >\n  Age > 60\n  AND Agee < 7\n", 13, "3:7"),
        ("where: Age > 60\n  AND Agee < 7\n", 13, "2:7"),
        ("where: 'Age > 60\n  AND Agee < 7'\n", 13, "2:7"),
        ("a: 1\nwhere: Age\n", 99, "2:11"),
        ("ü: '😀'\nwhere: Größe > 60\n", 6, "2:14"),
    ],
    ids=[
        *("plain", "single", "double", "doubled quote", "escaped quote"),
        *("literal", "folded", "plain lines", "quoted lines", "beyond", "other letters"),
    ],
)
def test_letters_of_texts_have_places(yaml: str, letter: int, place: str) -> None:
    assert str(leaf(yaml).at(letter)) == f"a.yaml:{place}"


@settings(deadline=None)  # machines are slow at times
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), st.data())
def test_a_letter_is_where_it_is_said_to_be(text: str, data: st.DataObject) -> None:
    import yaml

    position = data.draw(st.integers(0, len(text) - 1))
    dumped = yaml.safe_dump({"where": text}, width=10_000)
    node = leaf(dumped)
    place = node.at(position)
    written = dumped.splitlines()[place.line - 1]
    assert node.text == text
    assert written[place.column - 1] == text[position]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "suite: a\nsuite: b\n",
            "a.yaml:2:1: 'suite' is given twice.\n"
            "  The first time is in line 1.\n"
            "  Try: leave out one of them",
        ),
        (
            "suite: a\n  b: c\n",
            "a.yaml:2:4: this is not valid YAML.\n"
            "  Reading said: mapping values are not allowed here.\n"
            "  Try: a text with ': ', '#' or quotes in it needs quotes around it",
        ),
        (
            "suite: [a\n",
            "a.yaml:2:1: this is not valid YAML.\n"
            "  Reading said: while parsing a flow sequence, "
            "expected ',' or ']', but got '<stream end>'.\n"
            "  Try: a text with ': ', '#' or quotes in it needs quotes around it",
        ),
        (
            "a: &a 1\nb:\n  <<: *a\n",
            "a.yaml:3:3: '<<' is not read here.\n"
            "  Options are not merged.\n"
            "  Try: parameters, such as ${floor}, and include",
        ),
        (
            "a: &a [*a]\n",
            "a.yaml:1:4: this is nested or repeated without end.\n"
            "  A suite has at most 20 levels and 100,000 parts.\n"
            "  Try: leave out aliases (*name)",
        ),
        (
            "a:\n\tb: 1\n",
            "a.yaml:2:1: this is not valid YAML.\n"
            "  Reading said: while scanning for the next token, found character '\\t' that cannot "
            "start any token.\n"
            "  Try: spaces instead of the tab",
        ),
        (
            "checks: " + "[" * 20_000,
            "a.yaml:1:29: this is nested or repeated without end.\n"
            "  A suite has at most 20 levels and 100,000 parts.\n"
            "  Try: leave out aliases (*name)",
        ),
        (
            "a: 1\n[1]: 2\n",
            "a.yaml:2:1: a list or block cannot be a name.\n"
            "  It stands before a ':'.\n"
            "  Try: a word",
        ),
        (
            "a: b\x07c\n",
            "a.yaml:1:5: the character '\\x07' cannot be in YAML.\n"
            "  Only printable characters can.\n"
            "  Try: leave it out, or write it as an escape in double quotes",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "a.yaml:2:1: this is not valid YAML.\n"
            "  Reading said: expected a single document in the stream, "
            "but found another document.\n"
            "  Try: a text with ': ', '#' or quotes in it needs quotes around it",
        ),
    ],
    ids=[
        "twice",
        "colon",
        "open list",
        "merge",
        "endless",
        "tab",
        "deep",
        "key",
        "character",
        "documents",
    ],
)
def test_bad_yaml_says_where(text: str, message: str) -> None:
    with pytest.raises(BadSuite) as caught:
        read_yaml(text, "a.yaml")
    assert str(caught.value) == message


def test_aliases_that_explode_are_refused_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(BadSuite, match="without end"):
        read_yaml("\n".join(lines), "a.yaml")


def test_nothing_is_nothing() -> None:
    assert read_yaml("# only a comment\n", "a.yaml") is None
