"""What may stand at a place of a half-typed cohort."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from mispredict.core.predicate.half_typed import Piece, pieces_of, read
from mispredict.core.predicate.offers import AS_TYPED, Offer, Vocabulary, offers
from mispredict.core.results import Result

MOST: Final = 50
_WORD = re.compile(r"\w*")
_TIGHT = (")", ",")  # follow without a space


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that may stand there, what it is, and a detail such as a type or a count.

    `kind` is column, function, operator, value, keyword, tag, cohort, class or model.
    """

    text: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Completion(Result):
    """Suggestions, best first, to be put in place of the characters `start` to `end`."""

    start: int
    end: int
    items: tuple[Suggestion, ...]

    row_type: ClassVar[type] = Suggestion
    title: ClassVar[str] = "Completion"

    def _rows(self) -> tuple[Suggestion, ...]:
        return self.items


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> Completion:
    """What may stand at the cursor: what begins as the word there, then what may follow it."""
    pieces = pieces_of(text[:cursor])
    last = pieces[-1] if pieces and pieces[-1].end == cursor else None
    if last is None or last.kind in ("mark", "op", "function"):
        found = offers(read(pieces, vocabulary.fields), vocabulary)
        gap = "" if not text[:cursor].strip() or text[cursor - 1] in " \t\n(" else " "
        return Completion(cursor, cursor, _suggestions(found, gap))
    place = read(pieces[:-1], vocabulary.fields)
    typed = "" if last.kind == "stray" else last.value
    begun, alike = _alike(offers(place, vocabulary, typed=typed), last)
    following = offers(read(pieces, vocabulary.fields), vocabulary) if last.is_closed else ()
    after = _suggestions(following, f"{last.text} ")
    items = (*_suggestions(begun), *after, *_suggestions(alike))
    once: dict[str, Suggestion] = {}
    for item in items:
        once.setdefault(item.text, item)
    return Completion(last.start, _end(text, cursor, last), tuple(once.values())[:MOST])


def _suggestions(found: Iterable[Offer], before: str = "") -> tuple[Suggestion, ...]:
    items = []
    for offer in found:
        gap = before.rstrip() if offer.text.startswith(_TIGHT) else before
        items.append(Suggestion(gap + offer.text, offer.kind, offer.detail))
        if len(items) == MOST:
            break
    return tuple(items)


def _alike(found: Iterable[Offer], piece: Piece) -> tuple[list[Offer], list[Offer]]:
    """The offers that the piece may become: those that begin with it, and those like it."""
    typed = piece.value.casefold()
    quoted = {"string": ("'", "D", "T"), "moment": ("D", "T"), "name": ('"', "i")}
    ranked: list[list[Offer]] = [[], [], [], []]
    for offer in found:
        if offer.text == piece.text:
            continue
        if piece.kind in quoted and not offer.text.startswith(quoted[piece.kind]):
            is_plain_name = piece.kind == "name" and offer.kind == "column"
            if not is_plain_name:
                continue
        rank = _rank(offer.key.casefold(), typed) if offer.detail != AS_TYPED else 3
        if rank is not None:
            ranked[rank].append(offer)
    return ranked[0], [offer for rank in ranked[1:] for offer in rank]


def _rank(key: str, typed: str) -> int | None:
    """How well a text matches: from its beginning, from a word's, inside, or letter by letter."""
    place = key.find(typed)
    if place == 0:
        return 0
    if place > 0:
        return 1 if not key[place - 1].isalnum() else 2
    if len(typed) < 2:
        return None
    letters = iter(key)
    return 3 if all(letter in letters for letter in typed) else None


def _end(text: str, cursor: int, piece: Piece) -> int:
    """Where the word at the cursor ends, the rest of which is replaced too."""
    if piece.kind in ("word", "number"):
        found = _WORD.match(text, cursor)
        return found.end() if found else cursor
    if piece.is_closed:
        return cursor
    rest = re.match(r"""[^\s'"]*(['"])""", text[cursor:])
    quote = "'" if piece.kind != "name" else '"'
    return cursor + rest.end() if rest and rest[1] == quote else cursor
