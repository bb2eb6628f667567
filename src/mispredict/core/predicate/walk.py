"""What a predicate is made of."""

from __future__ import annotations

from collections.abc import Iterator

from mispredict.core.predicate.others import other_name
from mispredict.core.predicate.tree import (
    MAP,
    And,
    Between,
    ColumnRef,
    Compare,
    Has,
    In,
    Inside,
    IsNull,
    IsTrue,
    Length,
    Like,
    Not,
    Operand,
    Or,
    Predicate,
    Probability,
    Words,
)
from mispredict.core.task import probability_column


def leaves(predicate: Predicate) -> Iterator[Predicate]:
    """The conditions that are not AND, OR or NOT, in order of reading."""
    match predicate:
        case And(terms) | Or(terms):
            for term in terms:
                yield from leaves(term)
        case Not(term):
            yield from leaves(term)
        case _:
            yield predicate


def operands(leaf: Predicate) -> tuple[Operand, ...]:
    """The operands of one condition."""
    match leaf:
        case Compare(left, _, right) if isinstance(right, (ColumnRef, Length, Words, Probability)):
            return left, right
        case Compare(left):
            return (left,)
        case In(operand) | Between(operand) | IsNull(operand):
            return (operand,)
        case IsTrue(ref) | Like(ref) | Has(ref):
            return (ref,)
        case Inside():
            return tuple(map(ColumnRef, MAP))
        case _:
            return ()


def column_of(operand: Operand) -> ColumnRef:
    """The column that the operand reads."""
    match operand:
        case ColumnRef():
            return operand
        case Length(ref) | Words(ref):
            return ref
        case Probability(class_, model):
            name = probability_column(class_)
            return ColumnRef(other_name(name, model) if model else name)


def columns_of(predicate: Predicate) -> frozenset[ColumnRef]:
    """The columns that the predicate reads."""
    found = (operand for leaf in leaves(predicate) for operand in operands(leaf))
    return frozenset(column_of(operand) for operand in found)
