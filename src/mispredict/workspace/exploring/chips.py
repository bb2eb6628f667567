"""Which conditions of a cohort belong to which column's distribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mispredict.core.predicate import Always, And, ColumnRef, Predicate
from mispredict.core.schema import Role
from mispredict.workspace.exploring.exploration import CohortChip

if TYPE_CHECKING:
    from mispredict.workspace.view import View

MOST_CODES = 64  # that a chip lists
_ALIASES = (Role.LABEL, Role.TIME, Role.SPLIT, Role.WEIGHT)


def view_names(of: View) -> Mapping[str, ColumnRef]:
    """Names of all columns that can have a distribution, with what a cohort calls them.

    The dataset's own columns come first, then the reserved ones. A column that has two names,
    such as the label, is listed once.
    """
    from mispredict.engine.encode import ENCODED_TYPES

    found: dict[str, ColumnRef] = {}
    for column in of.dataset.schema:
        if column.type in ENCODED_TYPES and column.role is not Role.LABEL:
            ref = hidden_ref(of, column.name)
            found[_name(ref)] = ref
    for name, kind in of.fields.reserved.items():
        is_alias = name != "label" and any(name == role.value for role in _ALIASES)
        if kind in ENCODED_TYPES and name != "row" and not is_alias:
            found[name] = ColumnRef(name)
    return found


def view_of(of: View, predicate: Predicate) -> str:
    """Name of the one column that the condition is about; "" where it is no such condition."""
    columns = predicate.columns()
    if len(columns) != 1 or predicate.tags() or predicate.cohorts():
        return ""
    (ref,) = columns
    return name_of(of, ref)


def name_of(of: View, ref: ColumnRef) -> str:
    """The name under which a column is listed, whichever of its names the cohort uses."""
    dataset, reserved = of.dataset, of.fields.reserved
    is_reserved = ref.name in reserved and not ref.is_input
    if not is_reserved and ref.name == dataset.label:
        return "label"
    if is_reserved and ref.name != "label":
        for role in _ALIASES:
            column = dataset.schema.first(role)
            if column is not None and ref.name == role.value:
                return _name(hidden_ref(of, column.name))
    return _name(ref)


def cohort_of(of: View, where: str | Predicate | None) -> Predicate:
    """The cohort as a checked predicate; an empty text means all rows, as in an address."""
    is_blank = isinstance(where, str) and not where.strip()
    return of.predicate(None if is_blank else where)


def conditions(predicate: Predicate) -> tuple[Predicate, ...]:
    """The conditions that must all hold; none for all rows."""
    if isinstance(predicate, Always):
        return ()
    return predicate.terms if isinstance(predicate, And) else (predicate,)


def chips_of(of: View, predicate: Predicate) -> tuple[CohortChip, ...]:
    """A chip per condition that must hold, with the distribution it belongs to."""
    return tuple(_chips(of, predicate))


def text_of(predicate: Predicate) -> str:
    """The canonical text; "" for all rows."""
    return "" if isinstance(predicate, Always) else predicate.text


def _chips(of: View, predicate: Predicate) -> Iterator[CohortChip]:
    known = view_names(of)
    for term in conditions(predicate):
        name = view_of(of, term)
        column = name if name in known else ""
        [short] = term.chips()
        codes = _codes(of, term, column) if column else ()
        yield CohortChip(term.text, short.label, term.sentence(), column, codes)


def _codes(of: View, term: Predicate, column: str) -> tuple[int, ...]:
    import numpy as np

    from mispredict.engine.lookup import YES
    from mispredict.workspace.exploring.linked import linked

    answer = linked(of).states(column, term)
    if answer is None:
        return ()
    codes = np.flatnonzero(answer == YES)
    return tuple(codes.tolist()) if len(codes) <= MOST_CODES else ()


def hidden_ref(of: View, name: str) -> ColumnRef:
    """The dataset's column, as input("name") only where another column hides it."""
    if name not in of.fields.reserved:
        return ColumnRef(name)
    for role in _ALIASES:
        column = of.dataset.schema.first(role)
        if column is not None and column.name == name == role.value:
            return ColumnRef(name)
    return ColumnRef(name, is_input=True)


def _name(ref: ColumnRef) -> str:
    return f'input("{ref.name}")' if ref.is_input else ref.name
