"""Changes of what a text says: gender, negation, words left out or moved."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mispredict.perturb.draws import Draws, picked
from mispredict.perturb.lexicons import groups, pairs
from mispredict.perturb.phrases import Phrases
from mispredict.perturb.registry import perturbation
from mispredict.perturb.texts import Texts, Whole
from mispredict.perturb.words import Words


@perturbation("gender_swap", on="text", keeps_label=True, takes="texts")
def gender_swap(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Women become men and men women, in all words and names of a text, at any strength.

    "her" is taken for "his" where a word follows and for "him" elsewhere, which is wrong for
    "I told her that".

    Example:
        >>> apply("gender_swap", ["She gave her son to Emily.", "His wife saw him."]).after
        ['He gave his daughter to Daniel.', 'Her husband saw her.']
    """
    phrases, ambiguous = _genders()
    found = phrases.find(Words.of(texts))
    which = rng.integers(phrases.counts[found.entry], places=found.row, sites=found.entry)
    words = found.words
    ends = ~words.is_followed[found.last]
    which = np.where(found.entry == ambiguous, ends.astype(np.int64), which)
    return phrases.put(texts, found, which)


@perturbation("negate", on="text", keeps_label=False, takes="texts")
def negate(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Verbs are negated, or their negation taken away: "is" to "is not" and back.

    Example:
        >>> apply("negate", ["The food was good.", "I don't like it."], strength=0.3).after
        ['The food was not good.', 'I like it.']
    """
    return _negations().replaced(texts, strength, rng)


@perturbation("word_drop", on="text", keeps_label=False, takes="texts")
def word_drop(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Words are left out, but not all of a text.

    Example:
        >>> apply("word_drop", ["The food was cold and late."], strength=0.3).after
        ['food was cold and late.']
    """
    words = Words.of(texts)
    mine = np.flatnonzero(words.is_followed)  # the last word of a sentence stays
    mine = mine[picked(rng, strength, words.row[mine], words.site[mine])]
    return texts.without(_within(words.start[mine], words.end[mine] + 1))


@perturbation("word_swap", on="text", keeps_label=False, takes="texts")
def word_swap(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Words change places with the next one.

    Example:
        >>> apply("word_swap", ["The food was cold and late."], strength=0.3).after
        ['The food cold was and late.']
    """
    words = Words.of(texts)
    mine = np.flatnonzero(words.is_followed & (words.site % 2 == 0))
    mine = mine[picked(rng, strength, words.row[mine], words.site[mine])]
    if not len(mine):
        return texts
    first, second = words.length[mine], words.length[mine + 1]
    total = first + 1 + second
    owner = np.repeat(np.arange(len(mine)), total)
    inside = np.arange(len(owner)) - np.repeat(np.cumsum(total) - total, total)
    source = np.where(
        inside < second[owner],
        inside + first[owner] + 1,
        np.where(inside == second[owner], first[owner], inside - second[owner] - 1),
    )
    start = words.start[mine][owner]
    data = texts.data.copy()
    data[start + inside] = texts.data[start + source]
    return texts.with_bytes(data)


def _within(start: Whole, end: Whole) -> Whole:
    """Every place of the spans."""
    count = end - start
    return np.repeat(start - np.cumsum(count) + count, count) + np.arange(int(count.sum()))


@lru_cache(maxsize=1)
def _genders() -> tuple[Phrases, int]:
    """Words and names of the other gender, and which phrase is "her"."""
    choices: dict[str, tuple[str, ...]] = {"her": ("his", "him"), "his": ("her",), "him": ("her",)}
    for woman, man in pairs("gender"):
        choices.setdefault(woman, (man,))
        choices.setdefault(man, (woman,))
    known = groups("name")
    for group, names in known.items():
        gender, _, origin = group.partition("_")
        other = known[f"{'male' if gender == 'female' else 'female'}_{origin}"]
        choices.update(dict.fromkeys(names, other))
    phrases = Phrases(choices)
    return phrases, phrases.entry_of("her")


@lru_cache(maxsize=1)
def _negations() -> Phrases:
    choices: dict[str, tuple[str, ...]] = {}
    short = dict(pairs("contractions"))
    for said, negated in pairs("negations"):
        choices[said] = (negated,)
        choices.setdefault(negated, (said,))
        for long, contracted in short.items():
            if negated.endswith(long):
                choices.setdefault(negated.removesuffix(long) + contracted, (said,))
            elif f"{long} " in negated:
                choices.setdefault(negated.replace(f"{long} ", f"{contracted} "), (said,))
    return Phrases(choices)
