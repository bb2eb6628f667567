"""Small edits of a text's words: typos, synonyms, deletions, insertions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from mispredict.explain.text_changes.synonyms import Synonyms

_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|\s+|[^\s]", re.UNICODE)
_LEAST_LETTERS = 4  # of a word that a typo leaves readable
_TYPOS = 2  # of each sort, of a word
_FILLERS = ("really", "just", "actually", "also", "still", "quite")
_NEGATIONS = """no not never none nobody nothing neither nor nowhere without cannot hardly
barely"""
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
KINDS = ("typo", "synonym", "delete", "insert")

Maker: TypeAlias = "Callable[[str, np.random.Generator], list[str]]"


@dataclass(frozen=True, slots=True)
class WordEdit:
    """One edit: its kind, and the words before and after ("" for none)."""

    kind: str
    before: str
    after: str

    def __str__(self) -> str:
        if self.kind == "delete":
            return f"without “{self.before}”"
        if self.kind == "insert":
            return f"“{self.after}” put in"
        return f"“{self.before}” → “{self.after}”"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text in pieces, and the edits that were made to it; `touched` pieces stay as they are."""

    pieces: tuple[str, ...]
    edits: tuple[WordEdit, ...] = ()
    touched: frozenset[int] = frozenset()

    @classmethod
    def of(cls, text: str) -> Draft:
        """The text in words, spaces and signs."""
        return cls(tuple(_PIECE.findall(text)))

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def words(self) -> tuple[int, ...]:
        """Places of the words."""
        return tuple(at for at, piece in enumerate(self.pieces) if piece[:1].isalnum())

    def edited(self, at: int, edit: WordEdit) -> Draft:
        """The draft with the word at a place edited."""
        pieces = list(self.pieces)
        pieces[at] = f"{edit.after} {pieces[at]}" if edit.kind == "insert" else edit.after
        if edit.kind == "delete":
            space = at + 1 if at + 1 < len(pieces) and pieces[at + 1].isspace() else at - 1
            if space >= 0 and pieces[space].isspace():
                pieces[space] = ""
        return replace(
            self, pieces=tuple(pieces), edits=(*self.edits, edit), touched=self.touched | {at}
        )


class Editor:
    """Makes the edits of some kinds."""

    def __init__(self, kinds: Sequence[str], synonyms: Synonyms | None) -> None:
        self._makers: Mapping[str, Maker] = MappingProxyType(
            {
                "typo": typos,
                "synonym": lambda word, draw: _synonyms(word, synonyms),
                "delete": lambda word, draw: [""],
                "insert": lambda word, draw: [str(draw.choice(_FILLERS))],
            }
        )
        self.kinds = tuple(kinds)

    def edits(self, word: str, draw: np.random.Generator) -> Iterator[WordEdit]:
        """Every edit of a word; none of a negation, which turns the meaning round."""
        if word.lower() in _NEGATIONS.split() or word.lower().endswith(("n't", "n’t")):
            return
        for kind in self.kinds:
            for after in dict.fromkeys(self._makers[kind](word, draw)):
                if after != word:
                    yield WordEdit(kind, "" if kind == "insert" else word, after)


def typos(word: str, draw: np.random.Generator) -> list[str]:
    """The word with a neighbouring key hit, two letters swapped, or one dropped.

    Its first and last letter stay, by which people recognise it.
    """
    if len(word) < _LEAST_LETTERS or not word.isalpha():
        return []
    inner = np.arange(1, len(word) - 1)
    made = []
    for at in draw.permutation(inner)[:_TYPOS].tolist():
        near = _near(word[at])
        if near:
            made.append(word[:at] + near[int(draw.integers(len(near)))] + word[at + 1 :])
    for at in draw.permutation(inner[:-1])[:_TYPOS].tolist():
        made.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    for at in draw.permutation(inner)[:_TYPOS].tolist():
        made.append(word[:at] + word[at + 1 :])
    return made


def _synonyms(word: str, synonyms: Synonyms | None) -> list[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    if synonyms is None or not word.isalpha() or word.lower() in ENGLISH_STOP_WORDS:
        return []
    return [_in_case(str(other), word) for other in synonyms(word)]


def _in_case(other: str, word: str) -> str:
    if len(word) > 1 and word.isupper():
        return other.upper()
    return other.capitalize() if word[:1].isupper() else other


def _near(letter: str) -> str:
    """Keys beside and below or above the letter's on a QWERTY keyboard."""
    low = letter.lower()
    for row, keys in enumerate(_KEYS):
        at = keys.find(low)
        if at < 0:
            continue
        beside = keys[max(at - 1, 0) : at] + keys[at + 1 : at + 2]
        others = "".join(
            _KEYS[other][max(at - 1, 0) : at + 1] for other in (row - 1, row + 1) if 0 <= other < 3
        )
        near = beside + others
        return near.upper() if letter.isupper() else near
    return ""
