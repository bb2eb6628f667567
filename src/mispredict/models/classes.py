"""How a model's classes are those of the data."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mispredict.core.errors import BadPredictions
from mispredict.core.task import Scalar
from mispredict.models.protocol import Array, scalar


@dataclass(frozen=True, slots=True)
class Matched:
    """The model's classes in the terms of the data's.

    `classes` are the data's classes followed by those only the model has; `source` gives for
    each of them its column in the model's answer, or -1 where the model does not know it.
    """

    classes: tuple[Scalar, ...]
    source: tuple[int, ...]
    notes: tuple[str, ...] = ()

    def reorder(self, columns: Array) -> Array:
        """Columns of the answer in the order of `classes`; 0 for what it does not know."""
        if self.source == tuple(range(columns.shape[1])):
            return columns
        taken: Array = columns[:, [max(index, 0) for index in self.source]]
        missing = [at for at, index in enumerate(self.source) if index < 0]
        if missing:
            taken[:, missing] = 0
        return taken


def match_classes(found: Sequence[Scalar], known: Sequence[Scalar]) -> Matched:
    """How the classes that a model speaks of are those of the data.

    A class is the same if the values are equal (1 is True and 1.0), or else if their texts
    are ("1" is 1), as JSON turns numbers into text.

    Raises:
        BadPredictions: they have no class in common, or a class stands there twice.
    """
    names, is_text_match = renamed(found, known)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadPredictions(f"class {twice!r} has two columns.", known=f"Found: {listed(found)}.")
    common = [name for name in known if name in names]
    if known and not common:
        raise BadPredictions(
            f"the model knows none of the data's classes; it answers {listed(found)}.",
            known=f"The data's classes are {listed(known)}.",
            hint="classes=(…), the data's names in the order of the model's answers",
        )
    extra = tuple(name for name in names if name not in known)
    classes = (*known, *extra)
    notes = _notes(extra, tuple(name for name in known if name not in common), is_text_match)
    return Matched(classes, tuple(names.index(c) if c in names else -1 for c in classes), notes)


def rename_labels(labels: Array, classes: Sequence[Scalar]) -> Array:
    """The labels with each value replaced by the equal class, in the classes' type."""
    values, inverse = np.unique(labels, return_inverse=True)
    names, _ = renamed([scalar(value) for value in values], classes)
    return as_labels(names)[inverse]


def as_labels(values: Sequence[Scalar]) -> Array:
    """Array of the values in their common type: bool, int64, float64, or else text.

    Whole numbers beyond 64 bits have none, and are text.
    """
    kinds = {type(value) for value in values}
    if kinds <= {bool}:
        return np.array(values, dtype=bool)
    with contextlib.suppress(OverflowError):
        if kinds <= {int}:
            return np.array(values, dtype=np.int64)
        if kinds <= {int, float}:
            return np.array(values, dtype=np.float64)
    return np.array([str(value) for value in values], dtype=object).astype(str)


def renamed(found: Sequence[Scalar], known: Sequence[Scalar]) -> tuple[list[Scalar], bool]:
    """The values with those that equal a known one replaced by it; whether by text alone."""
    same = {value: value for value in known}
    texts = {
        str(value).lower() if isinstance(value, bool) else str(value): value for value in known
    }
    has_bool = any(isinstance(value, bool) for value in known)
    names: list[Scalar] = []
    is_text_match = False
    for value in found:
        name = same.get(value)
        if name is None:
            name = texts.get(str(value).lower() if has_bool else str(value))
            is_text_match |= name is not None
        names.append(value if name is None else name)
    return names, is_text_match


def listed(values: Sequence[Scalar], most: int = 8) -> str:
    """The first of the values, and how many more there are."""
    shown = ", ".join(repr(value) for value in values[:most])
    return f"{shown} and {len(values) - most:,} more" if len(values) > most else shown


def _notes(
    extra: tuple[Scalar, ...], unknown: tuple[Scalar, ...], is_text_match: bool
) -> tuple[str, ...]:
    notes = []
    if unknown:
        notes.append(f"The model does not know {listed(unknown)}: probability 0.")
    if extra:
        notes.append(f"The model knows {listed(extra)}, which the data does not have.")
    if is_text_match:
        notes.append("Classes were matched by their text.")
    return tuple(notes)
