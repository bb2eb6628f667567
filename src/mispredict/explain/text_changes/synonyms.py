"""Synonyms out of WordNet's own files (Fellbaum 1998; wndb(5) describes them)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from mispredict.core.errors import BadOption, MissingExtra
from mispredict.core.options import shown

Synonyms: TypeAlias = Callable[[str], Sequence[str]]
PARTS = ("noun", "verb", "adj", "adv")
VARIABLE = "WNSEARCHDIR"  # WordNet's own word for where it is
_PLACES = ("/usr/share/wordnet", "/usr/local/share/wordnet", "/usr/local/WordNet-3.0/dict")
_SENSES = 2  # of a word, the most frequent ones; rarer ones are mostly wrong in a sentence
_MOST = 8
# Endings of words and what stands there in the word that WordNet lists.
_ENDINGS = {
    "noun": (("ies", "y"), ("ses", "s"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")),
    "verb": (
        ("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", "e"), ("ed", ""),
        ("ing", "e"), ("ing", ""),
    ),
}  # fmt: skip


# Verbs whose past no rule gives.
_IRREGULAR = """
be become begin bend bet bind bite blow break bring build burst buy catch choose cling
come cost creep cut deal dig do draw drink drive eat fall feed feel fight find flee fly forget
forgive freeze get give go grind grow hang have hear hide hit hold hurt keep know lay lead leave
lend let lie lose make mean meet pay put quit read ride ring rise run say see seek sell send set
shake shed shine shoot show shrink shut sing sink sit sleep slide speak spend spin split spread
stand steal stick sting strike swear sweep swim swing take teach tear tell think throw understand
wake wear weep win withdraw write
"""


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where the senses of a word are, and how many of them occur in the texts WordNet counted."""

    offsets: tuple[int, ...]
    uses: int


class WordNet:
    """A folder with `index.noun`, `data.noun` and so on; call it for the synonyms of a word."""

    def __init__(self, folder: str | Path) -> None:
        """The files in the folder, read when first asked.

        Raises:
            BadOption: they are not there.
        """
        self.folder = Path(folder)
        if not (self.folder / "index.noun").is_file():
            raise BadOption(
                f"there is no WordNet in {str(folder)!r}.",
                known="Its files are index.noun, data.noun and so on.",
                hint="synonyms=mispredict.demo.wordnet.synonyms, or a function of your own",
            )

    def __call__(self, word: str) -> tuple[str, ...]:
        """Words for the same, the most frequent meaning first, in the same regular inflection.

        Only as the part of speech that the word mostly is.
        """
        low = word.lower()
        bases = [(part, *base) for part in PARTS for base in self._bases(low, part)]
        if not bases:
            return ()
        part, base, ending = max(bases, key=lambda item: self._index[item[0]][item[1]].uses)
        found = [
            _inflected(other, ending)
            for other in self._of(base, part)
            if ending != "ed" or other not in _IRREGULAR.split()
        ]
        return tuple(item for item in dict.fromkeys(found) if item != low)[:_MOST]

    def _bases(self, word: str, part: str) -> list[tuple[str, str]]:
        """The listed word that this is a form of, and the ending that was taken off."""
        index = self._index[part]
        if word in index:
            return [(word, "")]
        for ending, base in _ENDINGS.get(part, ()):
            stem = word[: -len(ending)] + base
            if word.endswith(ending) and len(stem) > 2 and stem in index:
                return [(stem, "s" if ending.endswith("s") else ending[-2:].replace("ng", "ing"))]
        return []

    def _of(self, word: str, part: str) -> list[str]:
        words: list[str] = []
        for offset in self._index[part][word].offsets[:_SENSES]:
            words += self._members(part, offset)
        return [item for item in dict.fromkeys(words) if item.lower() != word]

    def _members(self, part: str, offset: int) -> list[str]:
        """The single words of a set of synonyms."""
        data = self._data[part]
        fields = data[offset : data.index(b"\n", offset)].decode("utf-8").split(" ")
        words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
        plain = [item.partition("(")[0] for item in words]
        return [item for item in plain if item.isalpha() and item.islower()]

    @cached_property
    def _index(self) -> Mapping[str, Mapping[str, _Entry]]:
        return {part: self._read_index(part) for part in PARTS}

    @cached_property
    def _data(self) -> Mapping[str, bytes]:
        return {part: (self.folder / f"data.{part}").read_bytes() for part in PARTS}

    def _read_index(self, part: str) -> dict[str, _Entry]:
        found: dict[str, _Entry] = {}
        with (self.folder / f"index.{part}").open(encoding="utf-8") as file:
            for line in file:
                if line.startswith(" ") or "_" in line.partition(" ")[0]:
                    continue
                fields = line.split()
                senses = int(fields[2])
                offsets = tuple(int(item) for item in fields[-senses:])
                found[fields[0]] = _Entry(offsets, int(fields[-senses - 1]))
        return found


def synonyms_of(given: Any) -> Synonyms:
    """The function of synonyms that was meant: a function, a dictionary, a folder, or None.

    Raises:
        MissingExtra: None, and there is no WordNet on this machine.
    """
    if given is None:
        return _installed()
    if isinstance(given, Mapping):
        return lambda word: given.get(word, given.get(word.lower(), ()))
    if isinstance(given, (str, Path)):
        return WordNet(given)
    if callable(given):
        return given  # type: ignore[no-any-return]
    raise BadOption(
        f"synonyms={shown(given)} cannot be used.",
        known="It is a function from a word to words, a dictionary, or WordNet's folder.",
        hint="synonyms={'cheap': ['inexpensive']}",
    )


def has_wordnet() -> bool:
    """Whether WordNet's files are on this machine."""
    return _folder() is not None


@lru_cache(maxsize=1)
def _installed() -> WordNet:
    folder = _folder()
    if folder is None:
        raise MissingExtra(
            "synonyms need WordNet, which is not on this machine.",
            known=f"Looked at ${VARIABLE} and {_PLACES[0]}; no Python package ships it.",
            hint="synonyms=mispredict.demo.wordnet.synonyms, which fetches it once, or "
            "apt-get install wordnet-base",
        )
    return WordNet(folder)


def _folder() -> str | None:
    places = [os.environ.get(VARIABLE, ""), *_PLACES]
    return next((item for item in places if item and (Path(item) / "index.noun").is_file()), None)


def _inflected(word: str, ending: str) -> str:
    """The word with a regular ending."""
    if ending == "s":
        if word.endswith(("s", "x", "ch", "sh")):
            return f"{word}es"
        return f"{word[:-1]}ies" if word[-1:] == "y" and word[-2:-1] not in "aeiou" else f"{word}s"
    if ending == "ed":
        if word.endswith("e"):
            return f"{word}d"
        return f"{word[:-1]}ied" if word[-1:] == "y" and word[-2:-1] not in "aeiou" else f"{word}ed"
    if ending == "ing":
        return f"{word[:-1]}ing" if word.endswith("e") and not word.endswith("ee") else f"{word}ing"
    return word
