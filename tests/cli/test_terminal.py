"""What others wrote is shown by the console and never obeyed by it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mispredict.cli
from mispredict.cli.terminal import printable, printable_json

EVIL = "\x1b]0;pwned\x07\x1b[2J\x9b31mred\rhidden\u202egnp"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – Grüße 漢字 🙂", "plain – Grüße 漢字 🙂"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("good\rbad", "good\\x0dbad"),
        ("abc\u202egnp", "abc\\u202egnp"),
        ("\x7f", "\\x7f"),
    ],
)
def test_control_characters_are_escapes(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_nothing_is_left_to_obey(text: str) -> None:
    shown = printable(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert printable(shown) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_stays_the_same_value(text: str) -> None:
    shown = printable_json(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(shown) == {"name": text}
    assert "\x1b" not in shown and "\x9b" not in shown


def test_every_command_prints_through_it() -> None:
    """Only the edge itself, and what is JSON or in colour and was made printable, echoes."""
    allowed = {"terminal.py": 1, "output.py": 1, "group.py": 1, "failures.py": 4}
    found = {}
    for path in Path(mispredict.cli.__file__).parent.rglob("*.py"):
        count = len(
            re.findall(r"click\.(?:s?echo|echo_via_pager)\(|^ +print\(", path.read_text(), re.M)
        )
        if count:
            found[path.name] = count
    assert found == allowed


def test_a_problem_with_an_evil_title_is_only_shown(folder: Path, run: Any) -> None:
    said = ("--where", "Age > 60", "--owner", EVIL, "--name", "evil")
    for command in (
        ["open", f"evil {EVIL}", *said],
        ["list"],
        ["list", "--json"],
        ["show", "evil"],
        ["comment", "evil", EVIL],
        ["history"],
        ["show", EVIL],
    ):
        found = run("problems", *command)
        assert not set("\x1b\x07\x9b\r\u202e") & set(found.out + found.err), command
    assert run("problems", "show", "evil", "--json").json["owner"] == EVIL
