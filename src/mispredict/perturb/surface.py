"""How a text is written: case, marks, spaces, look-alike letters.

Only ASCII letters change their case; others stay. `strength` is the share of the places.
"""

from __future__ import annotations

import numpy as np

from mispredict.perturb.draws import Draws, picked
from mispredict.perturb.registry import perturbation
from mispredict.perturb.texts import Bytes, Texts, Whole, texts_of
from mispredict.perturb.words import LETTER, MARK, Words, classes, counted

_MARKS = texts_of((".", "!", "?"))
_SPACE = texts_of((" ", "  "))


@perturbation("upper_case", on="text", keeps_label=True, takes="texts")
def upper_case(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Words in capital letters.

    Example:
        >>> apply("upper_case", ["The food was cold."], strength=0.5).after
        ['The food WAS COLD.']
    """
    small = (texts.data >= 97) & (texts.data <= 122)
    return _recased(texts, strength, rng, small, -32)


@perturbation("lower_case", on="text", keeps_label=True, takes="texts")
def lower_case(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Words in small letters.

    Example:
        >>> apply("lower_case", ["The Food was COLD."], strength=0.5).after
        ['The Food was cold.']
    """
    large = (texts.data >= 65) & (texts.data <= 90)
    return _recased(texts, strength, rng, large, 32)


@perturbation("punctuation_drop", on="text", keeps_label=True, takes="texts")
def punctuation_drop(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Punctuation marks are left out; apostrophes inside words stay.

    Example:
        >>> apply("punctuation_drop", ["Well, it's fine. Really!"], strength=0.5).after
        ["Well it's fine. Really"]
    """
    return texts.without(_drawn(texts, _marks(texts), strength, rng))


@perturbation("punctuation_repeat", on="text", keeps_label=True, takes="texts")
def punctuation_repeat(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Full stops, exclamation and question marks are typed three times.

    Example:
        >>> apply("punctuation_repeat", ["It is fine. Really!"], strength=0.5).after
        ['It is fine. Really!!!']
    """
    ends = np.isin(texts.data, np.frombuffer(b".!?", dtype=np.uint8))
    at = _drawn(texts, np.flatnonzero(ends), strength, rng)
    three = texts_of(("...", "!!!", "???"))
    which = np.searchsorted(np.array([33, 46, 63]), texts.data[at])
    return texts.spliced(at, at + 1, three, np.array([1, 0, 2])[which])


@perturbation("punctuation_end", on="text", keeps_label=True, takes="texts")
def punctuation_end(texts: Texts, strength: float, rng: Draws) -> Texts:
    """The full stop at the end is left out, or put there; at any strength.

    Example:
        >>> apply("punctuation_end", ["It is fine.", "It is fine"]).after
        ['It is fine', 'It is fine.']
    """
    rows = np.flatnonzero(texts.lengths > 0)
    last = texts.data[texts.offsets[rows + 1] - 1]
    stops = rows[last == 46]
    bare = rows[(_kinds(last) >= LETTER)]
    added = texts.spliced_after(bare, _MARKS, np.zeros(len(bare), dtype=np.int64))
    return added.without(added.offsets[stops + 1] - 1)


@perturbation("space_drop", on="text", keeps_label=True, takes="texts")
def space_drop(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Words run together.

    Example:
        >>> apply("space_drop", ["The food was cold."], strength=0.3).after
        ['The foodwascold.']
    """
    words = Words.of(texts)
    return texts.without(_drawn(texts, words.end[words.is_followed], strength, rng))


@perturbation("space_add", on="text", keeps_label=True, takes="texts")
def space_add(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Words of four letters and more fall in two.

    Example:
        >>> apply("space_add", ["The food was cold."], strength=0.3).after
        ['The food was co ld.']
    """
    words = Words.of(texts)
    marked = np.r_[0, np.cumsum(classes(texts) == LETTER)]
    is_plain = marked[words.end] - marked[words.start] == words.length
    long = np.flatnonzero(is_plain & (words.length >= 4))
    row, site = words.row[long], words.site[long]
    chosen = picked(rng, strength, row, site)
    inside = rng.integers(words.length[long] - 1, places=row, sites=site)
    at = (words.start[long] + 1 + inside)[chosen]
    return texts.spliced(at, at, _SPACE, at * 0)


@perturbation("space_repeat", on="text", keeps_label=True, takes="texts")
def space_repeat(texts: Texts, strength: float, rng: Draws) -> Texts:
    """Single spaces become several.

    Example:
        >>> apply("space_repeat", ["The food was cold."], strength=0.3).after
        ['The   food was cold.']
    """
    at = _drawn(texts, np.flatnonzero(texts.data == 32), strength, rng)
    return texts.spliced(at, at, _SPACE, at * 0 + 1)


@perturbation("lookalike", on="text", keeps_label=True, takes="texts")
def lookalike(texts: Texts, strength: float, rng: Draws) -> Texts:
    """A letter of a word becomes a Cyrillic one that looks the same.

    Example:
        >>> apply("lookalike", ["The food was cold."], strength=0.3).after
        ['The fоod wаs cold.']
    """
    at = _one_a_word(texts, strength, rng, _ALIKE >= 0)
    return texts.spliced(at, at + 1, _CYRILLIC, _ALIKE[texts.data[at]])


@perturbation("scan_error", on="text", keeps_label=True, takes="texts")
def scan_error(texts: Texts, strength: float, rng: Draws) -> Texts:
    """A letter of a word is read wrongly, as by a scanner: l as 1, O as 0, e as c.

    Example:
        >>> apply("scan_error", ["The food was cold."], strength=0.3).after
        ['The f0od was cold.']
    """
    at = _one_a_word(texts, strength, rng, np.arange(256) != _SCANNED)
    data = texts.data.copy()
    data[at] = _SCANNED[data[at]]
    return texts.with_bytes(data)


def _recased(texts: Texts, strength: float, rng: Draws, changes: np.ndarray, shift: int) -> Texts:
    """The texts with some of the words that have letters to change in the other case."""
    words = Words.of(texts)
    before = np.r_[0, np.cumsum(changes)]
    mine = np.flatnonzero(before[words.end] > before[words.start])
    mine = mine[picked(rng, strength, words.row[mine], words.site[mine])]
    edge = np.zeros(len(texts.data) + 1, dtype=np.int64)
    edge[words.start[mine]] += 1
    edge[words.end[mine]] -= 1
    inside = np.cumsum(edge[:-1]) > 0
    data = texts.data.astype(np.int16)
    data[inside & changes] += shift
    return texts.with_bytes(data.astype(np.uint8))


def _drawn(texts: Texts, at: Whole, strength: float, rng: Draws) -> Whole:
    """Some of the places in the bytes."""
    row = texts.row_of(at)
    return at[picked(rng, strength, row, counted(row))]


def _one_a_word(texts: Texts, strength: float, rng: Draws, can: np.ndarray) -> Whole:
    """In some of the words that have a byte that can change, the first such byte."""
    words = Words.of(texts)
    before = np.r_[0, np.cumsum(can[texts.data])]
    mine = np.flatnonzero(before[words.end] > before[words.start])
    mine = mine[picked(rng, strength, words.row[mine], words.site[mine])]
    found: Whole = np.searchsorted(before, before[words.start[mine]] + 1) - 1
    return found


def _marks(texts: Texts) -> Whole:
    return np.flatnonzero((classes(texts) == MARK) & (texts.data < 128))


def _kinds(data: Bytes) -> Bytes:
    return classes(Texts(data, np.arange(len(data) + 1)))


_ALIKE = np.full(256, -1, dtype=np.int64)
_PAIRS = {"a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "x": "х", "y": "у", "A": "А",
          "B": "В", "C": "С", "E": "Е", "H": "Н", "K": "К", "M": "М", "O": "О", "P": "Р",
          "T": "Т", "X": "Х"}  # fmt: skip
_CYRILLIC = texts_of(tuple(_PAIRS.values()))
for _place, _letter in enumerate(_PAIRS):
    _ALIKE[ord(_letter)] = _place
_SCANNED = np.arange(256, dtype=np.uint8)
for _letter, _read in {"l": "1", "o": "0", "O": "0", "S": "5", "B": "8", "e": "c", "g": "9",
                       "Z": "2", "I": "l", "t": "f", "h": "b"}.items():  # fmt: skip
    _SCANNED[ord(_letter)] = ord(_read)
