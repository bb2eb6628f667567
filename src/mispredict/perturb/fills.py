"""Filling the places of a template: all ways, some by chance, or one place through its words."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from mispredict.core.results import Result
from mispredict.perturb.slots import Slot, parsed, with_article

if TYPE_CHECKING:
    import pandas as pd

_LARGEST = 2**62
_FEW = 200_000


@dataclass(frozen=True, slots=True)
class Fill:
    """A row that a template gave: its values, the right answer, and what was filled in.

    Rows with the same `set` differ only in the place that was varied.
    """

    set: int
    values: dict[str, Any]
    label: Any = None
    words: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fills(Result):
    """Rows of a template, ready for a model: `to_frame()` has its columns first."""

    rows: tuple[Fill, ...]
    columns_made: tuple[str, ...]
    seed: int = 0
    vary: str = ""

    row_type: ClassVar[type] = Fill
    title: ClassVar[str] = "Template"

    @property
    def columns(self) -> tuple[str, ...]:
        """The template's columns, the label, the set, and of each place the word and its group."""
        records = self.records()
        return tuple(records[0]) if records else (*self.columns_made, "label", "set")

    def records(self) -> list[dict[str, Any]]:
        """One dictionary per row."""
        places = dict.fromkeys(name for row in self.rows for name in row.words)
        grouped = dict.fromkeys(name for row in self.rows for name in row.groups)
        return [
            {name: row.values.get(name) for name in self.columns_made}
            | {"label": row.label, "set": row.set}
            | {name: row.words.get(name) for name in places if name not in self.columns_made}
            | {f"{name} group": row.groups.get(name, "") for name in grouped}
            for row in self.rows
        ]

    @property
    def inputs(self) -> pd.DataFrame:
        """The columns that a model is given."""
        return self.to_frame()[list(self.columns_made)]


def filled(
    text: Mapping[str, Any], slots: Mapping[str, Slot], n: int, seed: int, first: int
) -> Iterator[Fill]:
    """So many different fills, all of them where there are no more, in the order of the words."""
    for number, chosen in enumerate(_chosen(slots, n, seed)):
        yield _fill(text, slots, chosen, first + number)


def varied(
    text: Mapping[str, Any], slots: Mapping[str, Slot], vary: str, n: int, seed: int, first: int
) -> Iterator[Fill]:
    """So many sets of fills, each with every word in one of the places."""
    if vary not in slots:
        return
    others = {name: slot for name, slot in slots.items() if name != vary}
    for number, chosen in enumerate(_chosen(others, n, seed)):
        for at in range(len(slots[vary].words)):
            yield _fill(text, slots, {**chosen, vary: at}, first + number)


def _chosen(slots: Mapping[str, Slot], n: int, seed: int) -> Iterator[dict[str, int]]:
    """Places of words, of places of one lexicon never twice the same word."""
    sizes = [len(slot.words) for slot in slots.values()]
    total = 1
    for size in sizes:
        total *= size
    found = 0
    for number in _numbers(total, n, seed):
        chosen: dict[str, int] = {}
        rest = number
        for name, size in zip(slots, sizes, strict=True):
            rest, chosen[name] = divmod(rest, size)
        if _is_distinct(slots, chosen):
            yield chosen
            found += 1
        if found >= n:
            return


def _numbers(total: int, n: int, seed: int) -> Iterator[int]:
    """Numbers of fills: all in order, or more than enough of them by chance."""
    if n >= total:
        yield from range(total)
        return
    draw = random.Random(seed)
    if total > _LARGEST:  # more than `sample` can count
        yield from (draw.randrange(total) for _ in range(100 * n + 1_000))
        return
    drawn = draw.sample(range(total), min(total, 3 * n + 100))
    yield from drawn
    if total <= _FEW:  # where words at few places have to differ, most of them will not do
        taken = set(drawn)
        rest = [number for number in range(total) if number not in taken]
        draw.shuffle(rest)
        yield from rest


def _is_distinct(slots: Mapping[str, Slot], chosen: Mapping[str, int]) -> bool:
    used = [(slots[name].kind, slots[name].words[at]) for name, at in chosen.items()]
    return len(set(used)) == len(used)


def _fill(
    text: Mapping[str, Any], slots: Mapping[str, Slot], chosen: Mapping[str, int], number: int
) -> Fill:
    words = {name: slots[name].words[at] for name, at in chosen.items()}
    groups = {
        name: slots[name].groups[at] for name, at in chosen.items() if any(slots[name].groups)
    }
    values = {column: _written(value, words) for column, value in text.items()}
    return Fill(set=number, values=values, words=words, groups=groups)


def _written(value: Any, words: Mapping[str, Any]) -> Any:
    if not isinstance(value, str):
        return value
    places = list(parsed(value))
    if len(places) == 1 and value == value[places[0].start : places[0].end]:
        only = places[0]
        word = words[only.name]
        return with_article(only.article, word) if only.article else word
    parts, at = [], 0
    for place in places:
        word = words[place.name]
        parts.append(_unescaped(value[at : place.start]))
        parts.append(with_article(place.article, word) if place.article else str(word))
        at = place.end
    return "".join([*parts, _unescaped(value[at:])])


def _unescaped(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")
