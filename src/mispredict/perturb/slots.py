"""Places in a template, and the words that may stand there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from mispredict.core.errors import BadOption, UnknownColumn, UnknownName
from mispredict.core.options import shown
from mispredict.perturb import lexicons

if TYPE_CHECKING:
    import pandas as pd

_PLACE = re.compile(r"\{(?:(?P<article>[aA]n?) )?(?P<name>[^\W\d]\w*)(?::(?P<group>[^{}]*))?\}")
_BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
Lexicon: TypeAlias = "tuple[tuple[Any, str], ...]"


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a text: where, its name, and whether an article comes before."""

    name: str
    start: int
    end: int
    kind: str
    group: str
    article: str


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """The words of a place, and the group of each of them."""

    name: str
    kind: str
    words: tuple[Any, ...]
    groups: tuple[str, ...]
    column: str = ""

    def with_data(self, data: pd.DataFrame | None) -> Slot:
        """The slot, filled from the data where it names a column of it."""
        if not self.column:
            return self
        if data is None:
            raise BadOption(
                f"{{column:{self.column}}} takes values from data, and there is none.",
                hint="template.fill(data=frame), or ev.fill(template)",
            )
        if self.column not in data.columns:
            raise UnknownColumn.among(self.column, map(str, data.columns), where="the data")
        words = tuple(dict.fromkeys(data[self.column].dropna().tolist()))
        return replace(self, words=words, groups=("",) * len(words))


def parsed(value: Any) -> Iterator[Place]:
    """The places in a text, in order; none in anything else.

    Raises:
        BadOption: braces that are no place.
    """
    if not isinstance(value, str):
        return
    for braces in _BRACES.finditer(value):
        if braces.group() in ("{{", "}}"):
            continue
        match = _PLACE.fullmatch(braces.group())
        if match is None:
            raise BadOption(
                f"{shown(braces.group())} in the template is no place.",
                known=f"It stands at {braces.start()} in {shown(value)}.",
                hint="'{name}', '{adjective:positive}', '{a profession}', or '{{' for a brace",
            )
        kind, group = match["name"], (match["group"] or "").strip()
        yield Place(
            name=f"{kind}:{group}" if group else kind,
            start=braces.start(),
            end=braces.end(),
            kind=kind,
            group=group,
            article=match["article"] or "",
        )


def slots_of(values: Sequence[Any], own: Mapping[str, Lexicon]) -> dict[str, Slot]:
    """The places of all texts, with their words."""
    found: dict[str, Slot] = {}
    for value in values:
        for place in parsed(value):
            if place.name not in found:
                found[place.name] = _slot(place, own)
    return found


def words_of(name: str, given: Any) -> Lexicon:
    """The words that were given for a lexicon: a list, or lists by group."""
    if isinstance(given, Mapping):
        pairs = [
            (word, str(group)) for group, words in given.items() for word in _list(name, words)
        ]
    else:
        pairs = [(word, "") for word in _list(name, given)]
    if not pairs:
        raise BadOption(f"the lexicon {name!r} is empty.", hint=f"{name}=['a word']")
    return tuple(dict.fromkeys(pairs))


def with_article(article: str, word: Any) -> str:
    """The word with "a" or "an" before it."""
    text = str(word)
    low = text.lower()
    is_vowel = low[:1] in tuple("aeio") or (low[:1] == "u" and not low.startswith(_YOU))
    is_vowel = (is_vowel and not low.startswith("eu")) or low.startswith(("hour", "honest", "heir"))
    chosen = "an" if is_vowel and not low.startswith("one") else "a"
    return f"{chosen.capitalize() if article[0] == 'A' else chosen} {text}"


_YOU = ("uni", "use", "usu", "ut", "ukr", "uga", "uru")


def _slot(place: Place, own: Mapping[str, Lexicon]) -> Slot:
    if place.kind == "column" and "column" not in own:
        if not place.group:
            raise BadOption("'{column}' names no column.", hint="'{column:City}'")
        return Slot(place.name, place.kind, (), (), column=place.group)
    kind = place.kind
    if kind not in own and kind not in lexicons.kinds():
        kind = kind.rstrip("0123456789")
    if kind in own:
        pairs = _own_group(kind, place.group, own[kind])
    elif kind in lexicons.kinds():
        pairs = _our_group(kind, place.group)
    else:
        raise UnknownName.of("lexicon", place.kind, [*own, *lexicons.kinds()])
    words, groups = zip(*pairs, strict=True)
    return Slot(place.name, kind, words, groups)


def _own_group(kind: str, group: str, given: Lexicon) -> Lexicon:
    if not group:
        return given
    found = tuple((word, name) for word, name in given if name == group)
    if not found:
        raise UnknownName.of(f"group of {kind!r}", group, {name for _, name in given if name})
    return found


def _our_group(kind: str, group: str) -> Lexicon:
    groups = lexicons.groups(kind)
    wanted = set(lexicons.lexicon(f"{kind}:{group}" if group else kind))
    pairs: dict[str, str] = {}
    for name, words in groups.items():
        if not group or name == group or group in name.split("_") or name.endswith(group):
            for word in words:
                if word in wanted:
                    pairs.setdefault(word, name)
    return tuple(pairs.items())


def _list(name: str, words: Any) -> list[Any]:
    if isinstance(words, str):
        return [words]
    try:
        found = words.tolist() if hasattr(words, "tolist") else list(words)
    except TypeError as error:
        raise BadOption(
            f"{name}={shown(words)} is no lexicon.",
            known="A lexicon is a list of words, or lists by group.",
            hint=f"{name}=['a word', 'another']",
        ) from error
    return [word for word in found if word is not None and not _is_nan(word)]


def _is_nan(word: Any) -> bool:
    return isinstance(word, float) and math.isnan(word)
