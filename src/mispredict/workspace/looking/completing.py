"""What an evaluation knows that may stand in a cohort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mispredict.core.options import text as text_of
from mispredict.core.options import whole
from mispredict.core.predicate import (
    ColumnRef,
    Fields,
    Length,
    Literal,
    Operand,
    Words,
    column_of,
)
from mispredict.core.predicate.completion import Completion
from mispredict.core.predicate.completion import complete as completed
from mispredict.core.predicate.offers import Known
from mispredict.core.schema import ColumnType, Role
from mispredict.core.words import counted
from mispredict.engine.codebook import Codebook, Value
from mispredict.workspace.exploring.chips import hidden_ref, name_of
from mispredict.workspace.exploring.linked import linked

if TYPE_CHECKING:
    from mispredict.workspace.view import View

MOST_VALUES = 5_000  # of a column, the most frequent ones
_QUARTERS = ("smallest", "lower quarter", "middle", "upper quarter", "largest")


def complete(of: View, text: str, cursor: int | None) -> Completion:
    """Suggestions for the place of the cursor (the end by default)."""
    text_of("text", text)
    cursor = len(text) if cursor is None else whole("cursor", cursor, 0)
    return completed(text, min(cursor, len(text)), EvaluationVocabulary(of))


class EvaluationVocabulary:
    """The columns, values, tags and saved cohorts of one evaluation, as they are now."""

    def __init__(self, of: View) -> None:
        self._of = of

    @property
    def fields(self) -> Fields:
        return self._of.fields

    @cached_property
    def columns(self) -> Sequence[ColumnRef]:
        """The dataset's columns, then the reserved ones."""
        dataset, reserved = self._of.dataset, self.fields.reserved
        own = [hidden_ref(self._of, column.name) for column in dataset.schema]
        roles = {role.value for role in (Role.TIME, Role.SPLIT, Role.WEIGHT)}
        return [*own, *(ColumnRef(name) for name in reserved if name not in roles)]

    @cached_property
    def tags(self) -> Sequence[str]:
        return linked(self._of).tag_names()

    @cached_property
    def cohorts(self) -> Sequence[str]:
        return linked(self._of).cohort_names()

    @cached_property
    def models(self) -> Sequence[str]:
        return self._of.other_models.names()

    def values(self, operand: Operand) -> Iterable[Known]:
        """Values with their rows, the most frequent first; of many numbers the quarters."""
        if isinstance(operand, (Length, Words)):
            return ()
        ref = column_of(operand)
        if self.fields.type_of(ref) is ColumnType.LABELS:
            is_class = self.fields.holds_class(ref)
            return [Known(name, "") for name in self.fields.classes] if is_class else ()
        views, name = linked(self._of), name_of(self._of, ref)
        if name not in views.names:
            return ()
        book, rows = views.coded(name).book, views.whole(name).rows
        return _quarters(book, rows) if book.kind == "bins" else _frequent(book, rows)


def _frequent(book: Codebook, rows: NDArray[np.int64]) -> Iterator[Known]:
    order = np.argsort(-rows[1 : len(book.points) + 1], kind="stable")[:MOST_VALUES]
    for code in (order + 1).tolist():
        value = book.value(code)
        if value is not None:
            yield Known(_literal(value).value, counted(int(rows[code]), "row"))


def _quarters(book: Codebook, rows: NDArray[np.int64]) -> Iterator[Known]:
    """Edges of bins with about a quarter of the rows between them."""
    known = np.cumsum(rows[1:])
    if not len(known) or not known[-1]:
        return
    seen = set()
    for share, words in zip((0, 0.25, 0.5, 0.75, 1), _QUARTERS, strict=True):
        code = int(np.searchsorted(known, share * known[-1])) + 1
        value = book.interval(min(code, book.size - 1))[1 if share == 1 else 0]
        short = _short(value) if isinstance(value, float) else value
        if short not in seen:
            seen.add(short)
            yield Known(_literal(short).value, words)


def _literal(value: Value) -> Literal:
    return Literal(value)  # type: ignore[arg-type]  # of a date it is the midnight


def _short(value: float) -> float | int:
    """The number with four digits, whole where it is."""
    short = float(f"{value:.4g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short
