"""Constructors of predicates, which keep the tree flat, deduplicated and folded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate.literal import Literal, checked_text
from mispredict.core.predicate.polygon import (
    LARGEST,
    MOST_CORNERS,
    Corner,
    rounded,
    without_repeats,
)
from mispredict.core.predicate.tree import (
    FLIPPED,
    INVERSE,
    Always,
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
    Never,
    Not,
    Operand,
    Or,
    Predicate,
    Probability,
    Words,
)

MOST_WORDS = 200  # of a phrase; RE2 refuses the pattern of many more

_OPERANDS = (ColumnRef, Length, Words, Probability)


def all_of(terms: Iterable[Predicate]) -> Predicate:
    """Predicate that holds where all terms hold; of no terms, all rows."""
    kept = _joined(terms, And)
    if any(isinstance(term, Never) for term in kept):
        return Never()
    kept = _merge_bounds([term for term in kept if not isinstance(term, Always)])
    if len(kept) < 2:
        return kept[0] if kept else Always()
    return And(tuple(kept))


def any_of(terms: Iterable[Predicate]) -> Predicate:
    """Predicate that holds where any term holds; of no terms, no row."""
    kept = _joined(terms, Or)
    if any(isinstance(term, Always) for term in kept):
        return Always()
    kept = [term for term in kept if not isinstance(term, Never)]
    if len(kept) < 2:
        return kept[0] if kept else Never()
    return Or(tuple(kept))


def negate(term: Predicate) -> Predicate:
    """Predicate that holds where the term is false; where it is unknown, it stays so."""
    match term:
        case Not():
            return term.term
        case Always():
            return Never()
        case Never():
            return Always()
        case Compare():
            return Compare(term.left, INVERSE[term.op], term.right)
        case _:
            return Not(term)


def compare(left: Operand | str, op: str, right: object) -> Predicate:
    """Predicate `left op right`; `right` is a value, or an operand for two columns.

    Raises:
        BadPredicate: the operator is none of = <> < <= > >=, or the value cannot be compared.
    """
    if op not in INVERSE:
        known = f"Operators: {' '.join(INVERSE)}."
        raise BadPredicate(f"no operator {op!r}.", known=known, hint="=")
    value = right if isinstance(right, (*_OPERANDS, Literal)) else _literal(right)
    return Compare(operand_of(left), op, value)


def equals(column: Operand | str, value: object) -> Predicate:
    """Predicate `column = value`."""
    return compare(column, "=", value)


def differs(column: Operand | str, value: object) -> Predicate:
    """Predicate `column <> value`, which a missing value does not fulfil."""
    return compare(column, "<>", value)


def at_least(column: Operand | str, value: object) -> Predicate:
    """Predicate `column >= value`."""
    return compare(column, ">=", value)


def at_most(column: Operand | str, value: object) -> Predicate:
    """Predicate `column <= value`."""
    return compare(column, "<=", value)


def more_than(column: Operand | str, value: object) -> Predicate:
    """Predicate `column > value`."""
    return compare(column, ">", value)


def less_than(column: Operand | str, value: object) -> Predicate:
    """Predicate `column < value`."""
    return compare(column, "<", value)


def between(column: Operand | str, low: object, high: object) -> Predicate:
    """Predicate `column BETWEEN low AND high`, both ends included."""
    return Between(operand_of(column), _literal(low), _literal(high))


def one_of(column: Operand | str, values: Iterable[object]) -> Predicate:
    """Predicate `column IN (values)`; of one value `=`, of none `FALSE`."""
    operand = operand_of(column)
    literals = _distinct(_literal(value) for value in values)
    if not literals:
        return Never()
    if len(literals) == 1:
        return Compare(operand, "=", literals[0])
    return In(operand, tuple(literals))


def is_missing(column: Operand | str) -> Predicate:
    """Predicate `column IS NULL`."""
    return IsNull(operand_of(column))


def is_true(column: ColumnRef | str) -> Predicate:
    """Predicate that a boolean column holds."""
    return IsTrue(_ref(column))


def has(column: ColumnRef | str, phrase: str) -> Predicate:
    """Predicate that a text holds the phrase as whole words, or a list the label."""
    if not phrase.strip():
        hint = "has(text, 'refund')"
        raise BadPredicate("has() needs a phrase.", known="This one is empty.", hint=hint)
    words = len(phrase.split())
    if words > MOST_WORDS:
        raise BadPredicate(
            f"the phrase {phrase[:40]!r}… of has() is too long.",
            known=f"A phrase has at most {MOST_WORDS} words; this one has {words:,}.",
            hint="has(text, 'the words that matter')",
        )
    return Has(_ref(column), checked_text(phrase))


def like(column: ColumnRef | str, pattern: str) -> Predicate:
    """Predicate that a text matches an SQL pattern with % and _."""
    return Like(_ref(column), checked_text(pattern))


def inside(corners: Iterable[Corner]) -> Predicate:
    """Predicate that the row's place on the map lies in the polygon of these corners.

    Raises:
        BadPredicate: they are fewer than 3 or more than 64, or one is no point.
    """
    found = without_repeats([(_coordinate(x), _coordinate(y)) for x, y in corners])
    if not 3 <= len(found) <= MOST_CORNERS:
        raise BadPredicate(
            f"inside() cannot have {len(found):,} different corners.",
            known=f"A polygon has 3 to {MOST_CORNERS} of them, an x and a y each.",
            hint="inside(0, 0, 50, 0, 50, 50), or ev.lasso(points) for a drawn line",
        )
    return Inside(tuple(found))


def flipped(predicate: Compare) -> Predicate:
    """The comparison of two operands with its sides exchanged."""
    assert not isinstance(predicate.right, Literal)
    return Compare(predicate.right, FLIPPED[predicate.op], predicate.left)


def operand_of(column: Operand | str) -> Operand:
    """The operand itself, or the column of that name."""
    return column if isinstance(column, _OPERANDS) else _ref(column)


def _ref(column: ColumnRef | str) -> ColumnRef:
    return column if isinstance(column, ColumnRef) else ColumnRef(checked_text(column))


def _coordinate(value: Any) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not abs(value) <= LARGEST:  # NaN is not either
        raise BadPredicate(
            f"inside() has {str(value)[:40]!r} as a coordinate.",
            known=f"Coordinates are numbers between -{LARGEST:g} and {LARGEST:g}.",
            hint="inside(0, 0, 50, 0, 50, 50)",
        )
    return rounded(float(value))


def _literal(value: Any) -> Literal:
    return value if isinstance(value, Literal) else Literal(value)


def _distinct(literals: Iterable[Literal]) -> list[Literal]:
    from mispredict.core.predicate.identity import literal_key

    kept: dict[str, Literal] = {}
    for literal in literals:
        kept.setdefault(literal_key(literal), literal)
    return list(kept.values())


def _joined(terms: Iterable[Predicate], kind: type[And] | type[Or]) -> list[Predicate]:
    kept: dict[str, Predicate] = {}
    for term in terms:
        for part in term.terms if isinstance(term, kind) else (term,):
            kept.setdefault(part.key, part)
    return list(kept.values())


def _merge_bounds(terms: list[Predicate]) -> list[Predicate]:
    """The terms with `a >= 1` and `a <= 2` as one BETWEEN, where `a` has one of each."""
    bounds: dict[tuple[Operand, str], list[tuple[int, Literal]]] = {}
    for place, term in enumerate(terms):
        if isinstance(term, Compare) and isinstance(term.right, Literal):
            bounds.setdefault((term.left, term.op), []).append((place, term.right))
    merged: list[Predicate | None] = list(terms)
    for (operand, op), lows in bounds.items():
        highs = bounds.get((operand, "<="), [])
        if op == ">=" and len(lows) == len(highs) == 1:
            (low_place, low), (high_place, high) = lows[0], highs[0]
            merged[max(low_place, high_place)] = None
            merged[min(low_place, high_place)] = Between(operand, low, high)
    return [term for term in merged if term is not None]
