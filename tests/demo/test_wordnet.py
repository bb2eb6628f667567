"""Synonyms of the fetched WordNet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mispredict.demo.wordnet import synonyms


@pytest.mark.parametrize(
    ("word", "among"),
    [("movies", "films"), ("Terrible", "awful"), ("loved", "enjoyed"), ("xyzzy", None)],
    ids=["plural", "capital", "past", "unknown"],
)
def test_words_for_the_same(
    online: Callable[[Callable[[], Any]], Any], word: str, among: str
) -> None:
    found = online(lambda: synonyms(word))
    assert among in found if among else found == ()
    assert word.lower() not in found
