"""Lexicons: words by kind and group, from files that say where the words are from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from mispredict.core.errors import UnknownName

Groups = Mapping[str, tuple[str, ...]]
# Kind of words → the file, and the part of its groups' names ("" for all of them).
_KINDS = {
    "name": ("names", ""),
    "surname": ("surnames", ""),
    "country": ("places", "country"),
    "city": ("places", "city"),
    "nationality": ("nationalities", ""),
    "profession": ("people", "profession"),
    "religion": ("people", "religion"),
    "orientation": ("people", "orientation"),
    "ethnicity": ("people", "ethnicity"),
    "age": ("people", "age"),
    "adjective": ("adjectives", ""),
    "verb": ("verbs", ""),
    "product": ("things", "product"),
    "service": ("things", "service"),
    "film": ("things", "film"),
    "time": ("times", ""),
    "day": ("times", "day"),
    "month": ("times", "month"),
    "filler": ("fillers", "filler"),
    "neutral": ("neutral", "sentence"),
}
_NOT_ALL = {"time": ("day", "month")}  # groups that have a kind of their own


def kinds() -> tuple[str, ...]:
    """Kinds of words that there are."""
    return tuple(sorted(_KINDS))


def groups(kind: str) -> Groups:
    """Words of a kind by group.

    Example:
        >>> sorted(groups("adjective"))
        ['negative', 'neutral', 'positive']
    """
    if kind not in _KINDS:
        raise UnknownName.of("lexicon", kind, _KINDS)
    file, part = _KINDS[kind]
    found = {
        name.removeprefix(f"{part}_") if part else name: words
        for name, words in _read(file).items()
        if (not part or name == part or name.startswith(f"{part}_"))
        and name not in _NOT_ALL.get(kind, ())
    }
    return MappingProxyType(found)


def lexicon(name: str) -> tuple[str, ...]:
    """Words of a kind, or of some of its groups: "name", "name:female", "name:male_hispanic".

    Example:
        >>> lexicon("verb:positive")[:3]
        ('love', 'like', 'enjoy')

    Raises:
        UnknownName: there is no such kind or group.
    """
    kind, _, group = name.partition(":")
    known = groups(kind)
    if not group:
        chosen = list(known)
    elif group in known:
        chosen = [group]
    else:
        chosen = [item for item in known if group in item.split("_")]
        chosen += [item for item in known if group in (item.partition("_")[2], "")]
    if not chosen:
        raise UnknownName.of(f"group of {kind!r}", group, known)
    return tuple(dict.fromkeys(word for item in dict.fromkeys(chosen) for word in known[item]))


def pairs(file: str) -> tuple[tuple[str, str], ...]:
    """Both sides of each line `a = b` of a file."""
    split = (line.partition("=") for line in _lines(file))
    return tuple((left.strip(), right.strip()) for left, _, right in split)


def sets(file: str) -> tuple[tuple[str, ...], ...]:
    """The words of each line of a file."""
    return tuple(tuple(word.strip() for word in line.split(",")) for line in _lines(file))


def source(file: str) -> str:
    """What a file says of itself and its source."""
    lines = _text(file).splitlines()
    said = [line.lstrip("# ") for line in lines if line.startswith("#")]
    return " ".join(said)


def files_of_words() -> tuple[str, ...]:
    """The files that there are."""
    folder = files("mispredict.perturb") / "lexicons"
    return tuple(sorted(item.name.removesuffix(".txt") for item in folder.iterdir()))


@lru_cache(maxsize=64)
def _read(file: str) -> Groups:
    found: dict[str, tuple[str, ...]] = {}
    group = ""
    for line in _lines(file):
        if line.startswith("["):
            group = line.strip("[]")
            continue
        words = (line,) if file == "neutral" else (word.strip() for word in line.split(","))
        found[group] = (*found.get(group, ()), *words)
    return MappingProxyType(found)


def _lines(file: str) -> list[str]:
    lines = (line.strip() for line in _text(file).splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=64)
def _text(file: str) -> str:
    folder = files("mispredict.perturb") / "lexicons"
    return (folder / f"{file}.txt").read_text(encoding="utf-8")
