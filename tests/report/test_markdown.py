"""Markdown is bounded, its tables hold, and nothing in it mentions or scripts."""

from __future__ import annotations

import re

from mispredict.report.markdown import render_markdown
from mispredict.report.overview import Overview


def test_tables_hold_and_size_is_bounded(view: Overview) -> None:
    text = render_markdown(view)
    assert len(text) < 12_000
    width = 0
    for line in text.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert cells == width or not width or not cells
        width = cells


def test_says_the_findings(overviews: dict[str, Overview]) -> None:
    text = render_markdown(overviews["binary"])
    assert text.startswith("## Right on ")
    assert "`region = 'north'`" in text
    assert "| yes → no |" in text


def test_says_the_slices_before_single_conditions(overviews: dict[str, Overview]) -> None:
    text = render_markdown(overviews["binary"])
    assert text.index("| where it is wrong |") < text.index("| single condition |")
    assert "| `has(said, 'rain')` | 45.3" in text
    assert "Nothing significant" in render_markdown(overviews["multiclass"])


def test_user_text_is_not_markup(overviews: dict[str, Overview]) -> None:
    text = render_markdown(overviews["hostile"])
    plain = re.sub(r"`[^`]*`", "", text)
    assert "<script>" not in plain.replace("\\<", "")
