"""What rows are sorted by, as people write it: `loss DESC, Age`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mispredict.core.errors import BadOption, BadPredicate
from mispredict.core.predicate import Fields, IsNull, Operand, parse

# Text in quotes or brackets, or anything else but a comma.
_QUOTED = r""""(?:[^"]|"")*"|'(?:[^']|'')*'"""
_ITEM = re.compile(rf"""(?:{_QUOTED}|\((?:{_QUOTED}|[^()"'])*\)|[^,"'])+""")
_NAME = r"""(?:\w+|"(?:[^"]|"")*")"""
_ARGUMENT = r"""(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^()"'])*"""
_OPERAND = re.compile(rf"""\s*(?:\w+\s*\({_ARGUMENT}(?:\({_ARGUMENT}\)\s*)?\)|{_NAME})\s*""")
_DIRECTION = re.compile(r"\s+(ASC|DESC)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """Something to sort by: a column, p('class'), length(text) or words(text)."""

    operand: Operand
    descending: bool = False


def parse_order(text: str, fields: Fields) -> tuple[Order, ...]:
    """What to sort by, first things first, from text such as `loss DESC, Age`.

    Raises:
        BadOption: it is no list of columns with ASC or DESC.
        UnknownColumn: a name is no column.
    """
    if not text.strip():
        return ()
    items = [match.group() for match in _ITEM.finditer(text)]
    if ",".join(items) != text:
        raise _bad(text, "There is a comma too many, or a quote is not closed.")
    found: dict[Operand, Order] = {}
    for order in (_order(item, text, fields) for item in items):
        found.setdefault(order.operand, order)  # a second time, nothing is left to sort
    return tuple(found.values())


def _order(item: str, text: str, fields: Fields) -> Order:
    direction = _DIRECTION.search(item)
    name = item[: direction.start()] if direction else item
    if not _OPERAND.fullmatch(name):
        raise _bad(text, f"{name.strip()!r} is no column.")
    try:
        condition = parse(f"{name} IS NULL", fields)
    except BadPredicate as error:
        raise _bad(text, f"{name.strip()!r} is no column: {error.problem}") from None
    assert isinstance(condition, IsNull)
    is_descending = direction is not None and direction.group(1).upper() == "DESC"
    return Order(condition.operand, is_descending)


def _bad(text: str, known: str) -> BadOption:
    return BadOption(
        f"cannot sort by {text[:80]!r}.",
        known=known,
        hint="columns with ASC or DESC, such as: loss DESC, Age",
    )
