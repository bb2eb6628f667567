"""Errors say what is known of a name, whatever was given as one."""

from __future__ import annotations

from typing import Any

import pytest

from mispredict.core.errors import UnknownName, alternatives


@pytest.mark.parametrize(
    ("kind", "plural"),
    [("class", "classes"), ("decisions", "decisions"), ("query", "queries"), ("tag", "tags")],
)
def test_kinds_have_their_plural(kind: str, plural: str) -> None:
    assert alternatives("z", ["a"], kind) == f"Known {plural}: 'a'."


@pytest.mark.parametrize("name", [5, None, 1.5, ["churn"]], ids=str)
def test_what_is_no_text_is_an_unknown_name_too(name: Any) -> None:
    error = UnknownName.of("tag", name, ["churn"])
    assert error.problem == f"no tag {str(name)!r}."
    assert error.known and error.hint
