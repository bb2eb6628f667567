"""The key of a predicate: one text for all ways of writing the same conditions.

Negations go down to the conditions (De Morgan holds in three-valued logic too), BETWEEN and
IN become the comparisons they stand for, nested AND and OR are flattened, and terms are
sorted and deduplicated. It looks like SQL, but is only compared.
"""

from __future__ import annotations

from datetime import datetime

from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.polygon import canonical
from mispredict.core.predicate.text import literal_text, operand_text, text_of
from mispredict.core.predicate.tree import (
    FLIPPED,
    INVERSE,
    Always,
    And,
    Between,
    ColumnRef,
    Compare,
    In,
    Inside,
    Never,
    Not,
    Or,
    Predicate,
)

_Form = tuple[str, frozenset[str]]  # how terms are joined (AND, OR or ""), and the terms


def key_of(predicate: Predicate) -> str:
    """Text that is equal for two predicates when they are the same conditions."""
    join, terms = _form(predicate, False)
    return f" {join} ".join(sorted(terms))


def literal_key(literal: Literal) -> str:
    """Text of a value that is equal for 60 and 60.0."""
    value = literal.value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.isoformat()}'"
    return literal_text(literal)


def _form(predicate: Predicate, is_negated: bool) -> _Form:
    match predicate:
        case Not():
            return _form(predicate.term, not is_negated)
        case And() | Or():
            join = "AND" if isinstance(predicate, And) != is_negated else "OR"
            return _joined(join, [_form(term, is_negated) for term in predicate.terms])
        case Between(operand, low, high):
            ends = (Compare(operand, ">=", low), Compare(operand, "<=", high))
            join = "OR" if is_negated else "AND"
            return _joined(join, [_form(end, is_negated) for end in ends])
        case In(operand, values):
            options = (Compare(operand, "=", value) for value in values)
            join = "AND" if is_negated else "OR"
            return _joined(join, [_form(option, is_negated) for option in options])
        case Always() | Never():
            holds = isinstance(predicate, Always) != is_negated
            return "", frozenset(["TRUE" if holds else "FALSE"])
        case Compare():
            return "", frozenset([_comparison(predicate, is_negated)])
        case _:
            prefix = "NOT " if is_negated else ""
            return "", frozenset([prefix + _condition_text(predicate)])


def _condition_text(predicate: Predicate) -> str:
    if isinstance(predicate, Inside):  # wherever it begins and whichever way it goes round
        predicate = Inside(canonical(predicate.corners))
    return text_of(predicate)


def _joined(join: str, forms: list[_Form]) -> _Form:
    terms: set[str] = set()
    for inner, parts in forms:
        if inner in ("", join):
            terms |= parts
        else:
            terms.add(f"({f' {inner} '.join(sorted(parts))})")
    return (join if len(terms) > 1 else ""), frozenset(terms)


def _comparison(predicate: Compare, is_negated: bool) -> str:
    op = INVERSE[predicate.op] if is_negated else predicate.op
    left = operand_text(predicate.left)
    if not isinstance(predicate.right, Literal):
        right = operand_text(predicate.right)
        if right < left:
            left, op, right = right, FLIPPED[op], left
        return f"{left} {op} {right}"
    value = predicate.right.value
    if isinstance(value, bool) and op in ("=", "<>") and isinstance(predicate.left, ColumnRef):
        return left if value == (op == "=") else f"NOT {left}"
    return f"{left} {op} {literal_key(predicate.right)}"
