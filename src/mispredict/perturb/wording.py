"""Other words for the same: contractions, synonyms, names, places, numbers, fillers, sentences.

`strength` is the share of the places, at least one in a text. Names and places that come again
in a text are replaced alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.options import shown
from mispredict.perturb.draws import Draws, picked
from mispredict.perturb.lexicons import groups, lexicon, pairs, sets
from mispredict.perturb.phrases import Phrases
from mispredict.perturb.registry import perturbation
from mispredict.perturb.texts import Texts, texts_of
from mispredict.perturb.words import DIGIT, Words, classes

Synonyms: TypeAlias = "Callable[[str], Sequence[str]] | Mapping[str, Sequence[str]] | None"


@perturbation("contract", on="text", keeps_label=True, takes="texts")
def contract(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Long forms become contractions: "do not" to "don't".

    Example:
        >>> apply("contract", ["I do not think it is good."], strength=1).after
        ["I don't think it's good."]
    """
    return _contractions().replaced(texts, strength, rng)


@perturbation("expand", on="text", keeps_label=True, takes="texts")
def expand(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Contractions become long forms: "don't" to "do not".

    Example:
        >>> apply("expand", ["I don't think it's good."], strength=1).after
        ['I do not think it is good.']
    """
    return _expansions().replaced(texts, strength, rng)


@perturbation("synonyms", on="text", keeps_label=True, takes="texts")
def synonyms(texts: Texts, strength: float, rng: Draws, *, synonyms: Synonyms = None) -> Texts:
    """Words become others that mean nearly the same.

    Args:
        synonyms: a dictionary, or a function from a word to words, such as WordNet's; by default
            a short list of our own.

    Example:
        >>> apply("synonyms", ["The waiter was quick and the meal cheap."], strength=0.5).after
        ['The waiter was rapid and the dish inexpensive.']
    """
    phrases = _synonyms() if synonyms is None else _known(texts, synonyms)
    return phrases.replaced(texts, strength, rng)


@perturbation("name_swap", on="text", keeps_label=True, takes="texts")
def name_swap(texts: Texts, strength: float, rng: Draws, *, group: str = "") -> Texts:
    """First names become others of the same gender.

    Args:
        group: of the names to put in, such as "hispanic", "arabic" or "female"; all by default.

    Example:
        >>> apply("name_swap", ["Emily thanked James, and James smiled."], strength=1).after
        ['Tanisha thanked Bilal, and Bilal smiled.']
        >>> apply("name_swap", ["Emily thanked James."], strength=1, group="arabic").after
        ['Layla thanked Bilal.']
    """
    return _names(group).replaced(texts, strength, rng, is_consistent=True)


@perturbation("location_swap", on="text", keeps_label=True, takes="texts")
def location_swap(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Countries become other countries, cities other cities.

    Example:
        >>> apply("location_swap", ["I flew from Paris to Kenya."], strength=1).after
        ['I flew from Tokyo to Iran.']
    """
    return _places().replaced(texts, strength, rng, is_consistent=True)


@perturbation("people_swap", on="text", keeps_label=True, takes="texts")
def people_swap(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Nationalities, religions and professions become others of their kind.

    Example:
        >>> apply("people_swap", ["A Polish nurse and a Muslim judge."], strength=1).after
        ['A Swiss clerk and a Hindu designer.']
    """
    return _people().replaced(texts, strength, rng, is_consistent=True)


@perturbation("number_change", on="text", keeps_label=False, takes="texts")
def number_change(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Numbers become others with as many digits.

    Example:
        >>> apply("number_change", ["Order 4711 came after 12 days."], strength=1).after
        ['Order 8030 came after 21 days.']
    """
    words = Words.of(texts)
    digits = classes(texts) == DIGIT
    before = np.r_[0, np.cumsum(digits)]
    mine = np.flatnonzero(before[words.end] - before[words.start] == words.length)
    mine = mine[picked(rng, strength, words.row[mine], words.site[mine])]
    count = words.length[mine]
    owner = np.repeat(np.arange(len(mine)), count)
    inside = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    at = words.start[mine][owner] + inside
    row, site = words.row[mine][owner], words.site[mine][owner] * 64 + inside
    old = texts.data[at].astype(np.int64) - 48
    first = (old - 1 + 1 + rng.integers(8, places=row, sites=site)) % 9 + 1
    rest = rng.integers(10, places=row, sites=site)
    data = texts.data.copy()
    data[at] = np.where((inside == 0) & (old > 0), first, rest) + 48
    return texts.with_bytes(data)


@perturbation("filler_add", on="text", keeps_label=True, takes="texts")
def filler_add(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Words that mean nothing are put between others: "um", "you know".

    Example:
        >>> apply("filler_add", ["The food was cold and late."], strength=0.2).after
        ['The food was cold you know and late.']
    """
    words = Words.of(texts)
    mine = np.flatnonzero(words.is_followed) + 1
    row, site = words.row[mine], words.site[mine]
    chosen = picked(rng, strength, row, site)
    bits = texts_of([f"{word} " for word in lexicon("filler")])
    which = rng.integers(len(bits), places=row, sites=site)[chosen]
    at = words.start[mine[chosen]]
    return texts.spliced(at, at, bits, which)


@perturbation("neutral_append", on="text", keeps_label=True, takes="texts")
def neutral_append(texts: Texts, strength: float, rng: Draws) -> Texts:
    """A sentence without an opinion is put after the text; two above 1/3, three above 2/3.

    Example:
        >>> apply("neutral_append", ["The food was cold."]).after
        ["The food was cold. The receipt has today's date on it."]
    """
    bits = texts_of([f" {sentence}" for sentence in lexicon("neutral")])
    return _appended(texts, bits, strength, rng)


@perturbation("link_append", on="text", keeps_label=True, takes="texts")
def link_append(texts: Texts, strength: float, rng: Draws) -> Texts:
    """A made-up link or handle is put after the text; two above 1/3, three above 2/3.

    Example:
        >>> apply("link_append", ["The food was cold."]).after
        ['The food was cold. @j5hf3l05']
    """
    return _appended(texts, _addresses(), strength, rng)


@perturbation("paraphrase", on="text", keeps_label=True)
def paraphrase(
    texts: list[str],
    strength: float,
    rng: Draws,
    *,
    paraphraser: Callable[[list[str]], Sequence[str]] | None = None,
) -> list[str]:
    """Texts in other words, by a function of yours: a translation there and back, a language model.

    Args:
        paraphraser: from texts to as many texts.

    Example:
        >>> apply("paraphrase", ["Not bad."], paraphraser=lambda texts: ["Good."]).after
        ['Good.']
    """
    if not callable(paraphraser):
        raise BadOption(
            f"paraphraser={shown(paraphraser)} cannot be used.",
            known="mispredict has no language model of its own: it takes a function of yours.",
            hint="paraphraser=lambda texts: [my_model(text) for text in texts]",
        )
    return list(paraphraser(texts))


def _appended(texts: Texts, bits: Texts, strength: float, rng: Draws) -> Texts:
    rows = np.flatnonzero(texts.lengths > 0)
    for _ in range(int(np.ceil(strength * 3 - 1e-9))):
        which = rng.integers(len(bits))[rows]
        texts = texts.spliced_after(rows, bits, which)
    return texts


@lru_cache(maxsize=1)
def _addresses() -> Texts:
    """Links and handles that are nobody's, each with a space before it."""
    made = [_address(Draws("link", 0, np.array([place])), place) for place in range(64)]
    return texts_of([f" {item}" for item in made])


def _address(rng: Draws, place: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    made = "".join(letters[int(rng.integers(len(letters))[0])] for _ in range(8))
    return f"https://t.example/{made}" if place % 2 else f"@{made}"


@lru_cache(maxsize=1)
def _contractions() -> Phrases:
    return Phrases({long: (short,) for long, short in pairs("contractions")})


@lru_cache(maxsize=1)
def _expansions() -> Phrases:
    return Phrases({short: (long,) for long, short in reversed(pairs("contractions"))})


@lru_cache(maxsize=1)
def _synonyms() -> Phrases:
    return Phrases.among(sets("synonyms"))


@lru_cache(maxsize=32)
def _names(group: str) -> Phrases:
    wanted = set(lexicon(f"name:{group}" if group else "name"))
    choices: dict[str, tuple[str, ...]] = {}
    known = groups("name")
    for gender in ("female", "male"):
        mine = [name for item, names in known.items() if item.startswith(gender) for name in names]
        others = [name for name in mine if name in wanted] or sorted(wanted)
        for name in mine:
            choices[name] = tuple(other for other in others if other != name)
    return Phrases(choices, is_proper=True)


@lru_cache(maxsize=1)
def _places() -> Phrases:
    return Phrases.among([lexicon("country"), lexicon("city")], is_proper=True)


@lru_cache(maxsize=1)
def _people() -> Phrases:
    return Phrases.among([lexicon(kind) for kind in ("nationality", "religion", "profession")])


def _known(texts: Texts, given: Any) -> Phrases:
    """The words of the texts for which there are synonyms."""
    words = Words.of(texts)
    _, first = np.unique(words.hashes, return_index=True)
    distinct = dict.fromkeys(word.lower() for word in words.text(first))
    if isinstance(given, Mapping):
        return Phrases({word: tuple(given[word]) for word in distinct if word in given})
    if not callable(given):
        raise BadOption(
            f"synonyms={shown(given)} cannot be used.",
            known="It is a function from a word to words, or a dictionary.",
            hint="synonyms={'cheap': ['inexpensive']}",
        )
    return Phrases({word: _asked(given, word) for word in distinct})


@lru_cache(maxsize=200_000)
def _asked(function: Callable[[str], Sequence[str]], word: str) -> tuple[str, ...]:
    return tuple(other for other in function(word) if other != word)
