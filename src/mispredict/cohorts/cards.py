"""Cards: which values, tokens, labels and error classes go with being wrong, or right.

Each entry is a cohort of one condition, so a click on it filters. The target is the error
(0 or 1) for classification and the loss otherwise.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.association import Groups, adjusted, mean_intervals, p_values
from mispredict.cohorts.ranges import codes_between
from mispredict.cohorts.tokens import index_tokens, stop_words
from mispredict.core.predicate import ColumnRef, has, parse
from mispredict.core.results import Result, Source
from mispredict.core.schema import ColumnType
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.engine.codebook import Codebook
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

KINDS = ("value", "token", "stop word", "label", "prediction")
RANGES = 8  # cards of a column of numbers
TEXT_ROWS = 200_000  # rows that token cards look at; evenly spaced when there are more
_CODED = (
    ColumnType.NUMERIC,
    ColumnType.CATEGORICAL,
    ColumnType.BOOLEAN,
    ColumnType.DATETIME,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One condition and how often the model is wrong where it holds.

    `kind` is value, token, stop word, label or prediction; `value` the human text; `where` the
    cohort. `rate` is the error rate (or mean loss) inside, with `low` and `high`, `rest` the
    same outside; `lift` is rate / rest. `p_adjusted` is corrected for all conditions looked
    at. `direction` is mispredictive, predictive, or "" where the difference may be chance.
    `also` names other conditions that hold on the very same rows. With weights, `n` counts
    rows, and shares, errors and rates are weighted.
    """

    kind: str
    column: str
    value: str
    where: str
    n: int
    share: float
    errors: float
    rate: float
    low: float
    high: float
    rest: float
    lift: float
    p_adjusted: float
    direction: str
    also: str = ""


@dataclass(frozen=True)
class Cards(Result):
    """Conditions that go with being wrong, most telling first."""

    rows: tuple[Card, ...]
    source: Source
    tested: int
    note: str = ""

    row_type: ClassVar[type] = Card
    title: ClassVar[str] = "What goes with being wrong"

    def of(self, kind: str | None = None, direction: str | None = None) -> Cards:
        """The cards of one kind and one direction."""
        rows = tuple(
            row
            for row in self.rows
            if kind in (None, row.kind) and direction in (None, row.direction)
        )
        return Cards(rows, self.source, self.tested, self.note)


def _without_twins(table: Table, cards: list[Card], top: int | None) -> list[Card]:
    """The first cards, those of the very same rows as an earlier one named with it."""
    alike = Counter((card.n, card.errors) for card in cards if card.kind == "value")
    kept: list[Card] = []
    places: dict[bytes, int] = {}
    for card in cards:
        may_have_twin = card.kind == "value" and alike[card.n, card.errors] > 1
        rows = _digest(table, card) if may_have_twin else None
        if rows is not None and rows in places:
            first = kept[places[rows]]
            also = ", ".join(filter(None, [first.also, card.where]))
            kept[places[rows]] = replace(first, also=also)
        elif top is None or len(kept) < top:
            if rows is not None:
                places[rows] = len(kept)
            kept.append(card)
    return kept


def _digest(table: Table, card: Card) -> bytes:
    """A hash of which rows the card is about."""
    mask = table.mask(parse(card.where, table.fields))
    return hashlib.sha256(np.packbits(mask).tobytes()).digest()


@dataclass(frozen=True)
class _Target:
    """Error and weight of every row, and the rows that count."""

    values: Floats
    weights: Floats
    usable: Bools

    def at(self, rows: npt.NDArray[np.integer[Any]] | Bools) -> tuple[Floats, Floats]:
        """Errors and weights of some rows, the weights summing to how many rows tell as much."""
        return self.values[rows], self.weights[rows] * self.unit(rows)

    def unit(self, rows: npt.NDArray[np.integer[Any]] | Bools) -> float:
        """What a weight of one counts among the rows (Kish 1965)."""
        weights = self.weights[rows]
        squares = float((weights**2).sum())
        return float(weights.sum()) / squares if squares > 0 else 1.0


@dataclass(frozen=True)
class _Group:
    """Conditions of one kind over one column, with their sums.

    `rows` are counts of rows; `sums` are weighted, and `unit` is what a weight of one is there.
    """

    kind: str
    column: str
    values: list[str]
    wheres: list[str]
    rows: Floats
    sums: Groups
    unit: float


def find_cards(
    table: Table,
    target: Floats,
    *,
    source: Source,
    mask: Bools | None = None,
    weights: Floats | None = None,
    columns: list[str] | None = None,
    kinds: tuple[str, ...] = KINDS,
    min_rows: int = 20,
    top: int | None = 50,
    significance: float = 0.05,
) -> Cards:
    """Conditions of one column each, ordered by how surely they go with being wrong.

    Every condition that at least `min_rows` rows of the cohort meet is compared with the rest
    of the cohort; p-values are corrected for all of them (Benjamini–Yekutieli).

    Args:
        target: error (0/1) or loss per row of the table, NaN where undefined.
        mask: the cohort; None for all rows.
        weights: how much each row counts; None for one each.
        columns: input columns to look at; None for all.
    """
    usable = np.isfinite(target) if mask is None else mask & np.isfinite(target)
    weighted = np.ones(table.n) if weights is None else weights
    groups = list(_groups(table, _Target(target, weighted, usable), columns, kinds, min_rows))
    cards = _cards(groups, min_rows, significance)
    tested = len(cards)
    order = sorted(
        cards, key=lambda card: (card.p_adjusted, -abs(card.rate - card.rest), card.where)
    )
    notable = [card for card in order if card.direction] + [c for c in order if not c.direction]
    note = ""
    if not any(card.direction for card in cards):
        note = (
            f"Nothing significant among {counted(tested, 'condition')} on "
            f"{counted(int(usable.sum()), 'row')}."
        )
    elif any(card.kind == "token" for card in cards) and table.n > TEXT_ROWS:
        note = f"Tokens were counted on {TEXT_ROWS:,} evenly spaced rows."
    return Cards(tuple(_without_twins(table, notable, top)), source, tested, note)


def _groups(
    table: Table,
    target: _Target,
    columns: list[str] | None,
    kinds: tuple[str, ...],
    min_rows: int,
) -> Iterator[_Group]:
    for name, kind in table.fields.columns.items():
        if columns is not None and name not in columns:
            continue
        if kind in _CODED and "value" in kinds:
            yield from _coded(table, name, "value", target)
        elif kind is ColumnType.TEXT and {"token", "stop word"} & set(kinds):
            yield from _tokens(table, name, target, kinds, min_rows)
    for name in ("label", "prediction"):
        if name in kinds and table.fields.reserved.get(name) in _CODED and table.task.classes:
            yield from _coded(table, name, name, target)


def _coded(table: Table, name: str, kind: str, target: _Target) -> Iterator[_Group]:
    is_input = kind == "value"
    coded = table.find_coded(name, is_input)
    if coded is None:
        return
    book, hidden = coded.book, is_input and name in table.fields.reserved
    codes = coded.codes[target.usable]
    values, weights = target.at(target.usable)
    spans = _spans(book, np.bincount(codes, minlength=book.size))
    group_of = np.zeros(book.size, np.int64)
    for place, (low, high) in enumerate(spans):
        group_of[low : high + 1] = place
    groups = group_of[codes]
    rows = np.bincount(groups, minlength=len(spans)).astype(np.float64)
    present = [place for place in np.flatnonzero(rows) if spans[place][0] != book.other]
    ref = ColumnRef(name, is_input=hidden)
    conditions = [codes_between(book, ref, *spans[place]) for place in present]
    parts = [
        np.bincount(groups, weights=part, minlength=len(spans)).astype(np.float64)[present]
        for part in (weights, weights * values, weights * values * values)
    ]
    yield _Group(
        kind,
        name,
        [_title(book, *spans[place]) for place in present],
        [condition.text for condition in conditions],
        rows[present],
        _sums(parts, values, weights),
        target.unit(target.usable),
    )


def _spans(book: Codebook, counts: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Codes that are one card: each by itself, or neighbouring numbers in about eight groups."""
    is_ordered = book.type in (ColumnType.NUMERIC, ColumnType.DATETIME)
    if not is_ordered or book.size <= RANGES + 3:
        return [(code, code) for code in range(book.size)]
    spans, first, held = [(0, 0)], 1, 0
    for code in range(1, book.size):
        held += int(counts[code])
        if held >= counts[1:].sum() / RANGES or code == book.size - 1:
            spans.append((first, code))
            first, held = code + 1, 0
    return spans


def _title(book: Codebook, low: int, high: int) -> str:
    if low == high:
        return book.describe(low)
    first, last = book.describe(low), book.describe(high)
    if book.kind == "values" or " to " in first + last:
        return f"{first.partition(' to ')[0]} to {last.rpartition(' to ')[2]}"
    return f"{first.partition(',')[0]},{last.rpartition(',')[2]}" if "," in last else first


def _tokens(
    table: Table, name: str, target: _Target, kinds: tuple[str, ...], min_rows: int
) -> Iterator[_Group]:
    import pyarrow as pa

    rows = np.flatnonzero(target.usable)
    if len(rows) > TEXT_ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, TEXT_ROWS).astype(np.int64)]
    text = table.column(name, is_input=True).take(pa.array(rows))
    index = index_tokens(text, min_rows=min_rows)
    values, weights = target.at(rows)
    count = index.totals(np.ones(len(rows)))
    parts = [index.totals(w) for w in (weights, weights * values, weights * values * values)]
    is_stop = np.array([token in stop_words() for token in index.vocabulary], dtype=bool)
    ref = ColumnRef(name, is_input=name in table.fields.reserved)
    for kind, chosen in (("token", ~is_stop), ("stop word", is_stop)):
        if kind in kinds and chosen.any():
            names = [token for token, keep in zip(index.vocabulary, chosen, strict=True) if keep]
            wheres = [has(ref, token).text for token in names]
            sums = _sums([part[chosen] for part in parts], values, weights)
            yield _Group(kind, name, names, wheres, count[chosen], sums, target.unit(rows))


def _sums(parts: list[Floats], values: Floats, weights: Floats) -> Groups:
    is_binary = bool(np.isin(values, (0.0, 1.0)).all())
    n, total, squares = parts
    return Groups(
        n,
        total,
        squares,
        float(weights.sum()),
        float((weights * values).sum()),
        float((weights * values * values).sum()),
        is_binary,
    )


def _cards(groups: list[_Group], min_rows: int, significance: float) -> list[Card]:
    if not groups:
        return []
    kept = [(group.rows >= min_rows) & (group.sums.n < group.sums.all_n) for group in groups]
    p = [
        np.where(keep, p_values(group.sums), np.nan)
        for group, keep in zip(groups, kept, strict=True)
    ]
    corrected = np.split(adjusted(np.concatenate(p)), np.cumsum([len(item) for item in p])[:-1])
    return [
        card
        for group, keep, p_adjusted in zip(groups, kept, corrected, strict=True)
        for card in _cards_of(group, keep, p_adjusted, significance)
    ]


def _cards_of(
    group: _Group, keep: Bools, p_adjusted: Floats, significance: float
) -> Iterator[Card]:
    sums = group.sums
    low, high = mean_intervals(sums)
    mean, rest = sums.mean, sums.rest
    for index in np.flatnonzero(keep):
        p = float(p_adjusted[index])
        direction = "mispredictive" if mean[index] > rest[index] else "predictive"
        yield Card(
            kind=group.kind,
            column=group.column,
            value=group.values[index],
            where=group.wheres[index],
            n=int(group.rows[index]),
            share=float(sums.n[index] / sums.all_n),
            errors=float(sums.total[index] / group.unit),
            rate=float(mean[index]),
            low=float(low[index]),
            high=float(high[index]),
            rest=float(rest[index]),
            lift=float(mean[index] / rest[index]) if rest[index] > 0 else float("inf"),
            p_adjusted=p,
            direction=direction if p < significance else "",
        )
