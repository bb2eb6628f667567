"""Slips of the fingers: letters hit beside the key, swapped, dropped, doubled.

A typo happens inside a word of four letters and more; its first and last letter stay, by which
people recognise it (Rawlinson 1976). `strength` is the share of such words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.perturb.draws import Draws, picked
from mispredict.perturb.registry import perturbation
from mispredict.perturb.texts import Texts, Whole, texts_of
from mispredict.perturb.words import LETTER, Words, classes

_LEAST = 4
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ASCII = tuple(chr(number) for number in range(128))


@perturbation("typo_swap", on="text", keeps_label=True, takes="texts")
def typo_swap(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Two letters next to each other change places.

    Example:
        >>> apply("typo_swap", ["The service was excellent."], strength=0.5).after
        ['The srevice was excelelnt.']
    """
    slips = _slips(texts, strength, rng, pair=True)
    return _swapped(texts, slips.at)


@perturbation("typo_keyboard", on="text", keeps_label=True, takes="texts")
def typo_keyboard(texts: Texts, strength: float, rng: Draws) -> Texts:
    """A letter becomes one beside it on a QWERTY keyboard.

    Example:
        >>> apply("typo_keyboard", ["The service was excellent."], strength=0.5).after
        ['The service was excellrnt.']
    """
    return _mistyped(texts, _slips(texts, strength, rng), rng)


@perturbation("typo_drop", on="text", keeps_label=True, takes="texts")
def typo_drop(texts: Texts, strength: float, rng: Draws) -> Texts:
    """A letter is left out.

    Example:
        >>> apply("typo_drop", ["The service was excellent."], strength=0.5).after
        ['The service was ecellent.']
    """
    return texts.without(_slips(texts, strength, rng).at)


@perturbation("typo_repeat", on="text", keeps_label=True, takes="texts")
def typo_repeat(texts: Texts, strength: float, rng: Draws) -> Texts:
    """A letter is typed twice.

    Example:
        >>> apply("typo_repeat", ["The service was excellent."], strength=0.5).after
        ['The seervice was excellent.']
    """
    return _doubled(texts, _slips(texts, strength, rng).at)


@perturbation("typo", on="text", keeps_label=True, takes="texts")
def typo(texts: Texts, strength: float, rng: Draws) -> Texts:
    """One of the four typos in each word that has one: swap, keyboard, drop or repeat.

    Example:
        >>> apply("typo", ["The service was excellent."], strength=0.5).after
        ['The seevice was excellent.']
    """
    slips = _slips(texts, strength, rng, pair=True)
    kind = rng.integers(4, places=slips.row, sites=slips.site)
    after = _mistyped(_swapped(texts, slips.at[kind == 0]), slips.only(kind == 1), rng)
    dropped, doubled = slips.at[kind == 2], slips.at[kind == 3]
    moved = doubled - np.searchsorted(dropped, doubled)
    return _doubled(after.without(dropped), moved)


@dataclass(frozen=True, slots=True, eq=False)
class _Slips:
    """Letters at which typos happen, their texts, and the numbers of their words there."""

    at: Whole
    row: Whole
    site: Whole

    def only(self, which: npt.NDArray[np.bool_]) -> _Slips:
        return _Slips(self.at[which], self.row[which], self.site[which])


def _slips(texts: Texts, strength: float, rng: Draws, *, pair: bool = False) -> _Slips:
    """A letter inside each drawn word; of a pair, the first of two that differ where possible."""
    words = Words.of(texts)
    letters = np.r_[0, np.cumsum(classes(texts) == LETTER)]
    is_plain = letters[words.end] - letters[words.start] == words.length
    long = np.flatnonzero(is_plain & (words.length >= _LEAST))
    row, site = words.row[long], words.site[long]
    chosen = picked(rng, strength, row, site)
    long, row, site = long[chosen], row[chosen], site[chosen]
    room = words.length[long] - (3 if pair else 2)
    shift = rng.integers(room, places=row, sites=site)
    at = words.start[long] + 1 + shift
    if pair:
        same = texts.data[at] == texts.data[at + 1]
        at = np.where(same, words.start[long] + 1 + (shift + 1) % room, at)
    return _Slips(at, row, site)


def _swapped(texts: Texts, at: Whole) -> Texts:
    data = texts.data.copy()
    data[at], data[at + 1] = texts.data[at + 1], texts.data[at]
    return texts.with_bytes(data)


def _mistyped(texts: Texts, slips: _Slips, rng: Draws) -> Texts:
    letters = texts.data[slips.at]
    which = rng.integers(_COUNTS[letters], places=slips.row, sites=slips.site)
    data = texts.data.copy()
    data[slips.at] = _NEAR[letters, which]
    return texts.with_bytes(data)


def _doubled(texts: Texts, at: Whole) -> Texts:
    return texts.spliced(at, at, texts_of(_ASCII), texts.data[at].astype(np.int64))


def _near(letter: str) -> str:
    """Keys beside, above and below a letter's."""
    row = next(number for number, keys in enumerate(_KEYS) if letter in keys)
    at = _KEYS[row].index(letter)
    beside = _KEYS[row][max(at - 1, 0) : at] + _KEYS[row][at + 1 : at + 2]
    above = _KEYS[row - 1][at : at + 2] if row else ""
    below = _KEYS[row + 1][max(at - 1, 0) : at + 1] if row < len(_KEYS) - 1 else ""
    return beside + above + below


_COUNTS = np.ones(256, dtype=np.int64)
_NEAR = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 8, axis=1)
for _letter in "".join(_KEYS):
    for _form in (_letter, _letter.upper()):
        _keys = _near(_letter).encode() if _form == _letter else _near(_letter).upper().encode()
        _COUNTS[ord(_form)] = len(_keys)
        _NEAR[ord(_form), : len(_keys)] = list(_keys)
