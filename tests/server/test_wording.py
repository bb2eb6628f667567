"""Hints as a page can say them: no Python in any of those that the library gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import mispredict
from mispredict.server.wording import in_page_words

from .conftest import Client, E
from .test_drifting_routes import until

ROOT = Path(mispredict.__file__).parent
PYTHON = re.compile(
    r"\b(?:ev|ws|mp|ds)\.\w|(?<![\w'\"`?&/$-])(?<!--set )[a-z_]+=(?:['\[({]|None|True|False|…)|\0"
)
FILLED = {114: "'churn@1'"}  # what `!r` gives


def hints() -> Iterator[str]:
    """Every hint that is written out in the package."""
    for path in sorted(ROOT.rglob("*.py")):
        if "cli" in path.relative_to(ROOT).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "hint":
                yield from _text(node.value)


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            part.value
            if isinstance(part, ast.Constant)
            else FILLED.get(getattr(part, "conversion", 0), "name")
            for part in node.values
        )
    elif isinstance(node, ast.IfExp):
        yield from (*_text(node.body), *_text(node.orelse))


@pytest.mark.parametrize("hint", sorted(set(hints())))
def test_no_hint_speaks_python(hint: str) -> None:
    said = in_page_words(hint)
    assert not PYTHON.search(said), said
    assert in_page_words(said) == said


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        ("by='a column'", "by: a column"),
        ("ev.slices()", "Slices"),
        ("ev.slices(), or rows=[0, 7]", "Slices, or rows: 0, 7"),
        ("mp.template(text, label=…), or by='a column'", "by: a column"),
        ("class Quiet(mp.Kind)", ""),
        ("Age > 60 AND label = 'yes'", "Age > 60 AND label = 'yes'"),
        ("has(text, 'refund')", "has(text, 'refund')"),
        ("loss > loss('gbm@1')", "loss > loss('gbm@1')"),
        ("mispredict serve --trust", "mispredict serve --trust"),
        ("--set floor=0.9", "--set floor=0.9"),
        (
            "ws.add_dataset('churn', …, label='a column')",
            "`mispredict add dataset churn --label 'a column'` in a terminal",
        ),
        ("ws.evaluate('gbm', 'churn@2')", "`mispredict evaluate gbm churn@2` in a terminal"),
        ("a wider cohort", "a wider cohort"),
        ("", ""),
    ],
)
def test_a_hint_says_what_to_click_or_type(hint: str, said: str) -> None:
    assert in_page_words(hint) == said


def test_answers_and_failed_jobs_speak_so(client: Client) -> None:
    answer = client.get(f"{E}/metrics", params={"by": ""})
    job = until(client, f"{E}/uncertainty", by=["note"])
    for found in (answer, job):
        assert found.status_code >= 400
        assert not PYTHON.search(found.json()["hint"]), found.text
