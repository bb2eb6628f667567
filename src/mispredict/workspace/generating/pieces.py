"""A value before and after a change, cut into pieces: what stays, what goes, what is new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Mark = Literal["same", "gone", "new"]
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LONGEST = 20_000  # letters of a text that is compared
_MOST = 2_000  # words that are compared one by one
_NEAR = 60  # letters beside a change that are shown


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text: the same in both, gone from the first, or new in the second."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A value before and after. `pieces` read in order are both texts, one in the other."""

    column: str
    before: Any
    after: Any
    pieces: tuple[Piece, ...]


def changed_cell(column: str, before: Any, after: Any) -> ChangedCell:
    """The cell, with what differs marked in texts; another value is wholly new."""
    if isinstance(before, str) and isinstance(after, str) and " " in before.strip():
        return ChangedCell(column, before, after, tuple(_clipped(_pieces(before, after))))
    return ChangedCell(
        column, before, after, (Piece(_said(before), "gone"), Piece(_said(after), "new"))
    )


def _said(value: Any) -> str:
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """By words, so that what is marked can be read."""
    old, new = _WORDS.findall(before[:_LONGEST]), _WORDS.findall(after[:_LONGEST])
    if max(len(old), len(new)) > _MOST:
        old, new = re.findall(r"[^\n]*\n?", before), re.findall(r"[^\n]*\n?", after)
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("".join(old[a:b]), "same")
            continue
        if b > a:
            yield Piece("".join(old[a:b]), "gone")
        if d > c:
            yield Piece("".join(new[c:d]), "new")


def _clipped(pieces: Iterator[Piece]) -> list[Piece]:
    """The pieces, with what is the same cut short far from any change."""
    found = list(pieces)
    made = []
    for place, piece in enumerate(found):
        text = piece.text
        if piece.mark == "same" and len(text) > 2 * _NEAR + 20:
            start = text[:_NEAR] if place else ""
            end = text[-_NEAR:] if place < len(found) - 1 else ""
            text = f"{start} … {end}"
        made.append(Piece(text, piece.mark))
    return made
