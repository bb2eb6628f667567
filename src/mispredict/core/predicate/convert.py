"""sqlglot's tree → predicate, by an allow-list of nodes and of their parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate import build
from mispredict.core.predicate.lexer import FUNCTIONS, Kind, Token
from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.others import OF_MODELS, other_name, read_other
from mispredict.core.predicate.text import literal_text, name_text
from mispredict.core.predicate.tree import (
    FLIPPED,
    Always,
    ColumnRef,
    Compare,
    InCohort,
    InTag,
    IsTrue,
    Length,
    Never,
    Operand,
    Predicate,
    Probability,
    Words,
)

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

_COMPARISONS = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


class Converter:
    """Reads one tree, whose names and values are places among the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens

    def predicate(self, node: Expression) -> Predicate:
        """The predicate that the node is."""
        kind = type(node).__name__
        if kind in _COMPARISONS:
            return self._comparison(node, _COMPARISONS[kind])
        readers: dict[str, Callable[[Expression], Predicate]] = {
            "Paren": lambda node: self.predicate(_part(node, "this")),
            "And": lambda node: build.all_of(self._terms(node)),
            "Or": lambda node: build.any_of(self._terms(node)),
            "Not": lambda node: build.negate(self.predicate(_part(node, "this"))),
            "In": self._in,
            "Between": self._between,
            "Is": self._is,
            "Like": self._like,
            "Anonymous": self._call,
            "Column": lambda node: IsTrue(self._ref(node)),
            "Literal": self._constant,
        }
        if kind not in readers:
            raise _outside(node)
        found = readers[kind](node)
        # Some versions of sqlglot write `NOT LIKE` as a flag, others as a Not around it.
        return build.negate(found) if node.args.get("negate") else found

    def _terms(self, node: Expression) -> list[Predicate]:
        # Chains of AND lean to the left, as deep as they are long.
        kind, terms = type(node), []
        while isinstance(node, kind):
            terms.append(_part(node, "expression"))
            node = _part(node, "this")
        return [self.predicate(term) for term in [node, *reversed(terms)]]

    def _comparison(self, node: Expression, op: str) -> Predicate:
        _check_parts(node, "this", "expression")
        left, right = self._side(_part(node, "this")), self._side(_part(node, "expression"))
        if isinstance(left, Literal):
            if isinstance(right, Literal):
                raise _constants(left, op, right)
            return Compare(right, FLIPPED[op], left)
        return Compare(left, op, right)

    def _in(self, node: Expression) -> Predicate:
        values = node.args.get("expressions")
        if not values:
            raise BadPredicate(
                "IN needs at least one value in brackets.",
                known="It lists values, separated by commas.",
                hint="Geography IN ('Germany', 'France')",
            )
        _check_parts(node, "this", "expressions", "negate")
        operand = self._operand(_part(node, "this"))
        return build.one_of(operand, [self._value(value) for value in values])

    def _between(self, node: Expression) -> Predicate:
        _check_parts(node, "this", "low", "high", "negate")
        operand = self._operand(_part(node, "this"))
        low, high = self._side(_part(node, "low")), self._side(_part(node, "high"))
        if isinstance(low, Literal) and isinstance(high, Literal):
            return build.between(operand, low, high)
        return build.all_of([Compare(operand, ">=", low), Compare(operand, "<=", high)])

    def _is(self, node: Expression) -> Predicate:
        _check_parts(node, "this", "expression", "negate")
        operand, other = _part(node, "this"), _part(node, "expression")
        is_negated = type(other).__name__ == "Not"
        other = _part(other, "this") if is_negated else other
        if type(other).__name__ != "Null":
            raise BadPredicate(
                "IS is followed by NULL or NOT NULL only.",
                known="Other values are compared with = and <>.",
                hint="Active = TRUE, or Balance IS NULL",
            )
        found = build.is_missing(self._operand(operand))
        return build.negate(found) if is_negated else found

    def _like(self, node: Expression) -> Predicate:
        _check_parts(node, "this", "expression", "negate")
        pattern = self._value(_part(node, "expression")).value
        if not isinstance(pattern, str):
            raise _expected("LIKE needs a text as pattern.", "name LIKE 'A%'")
        return build.like(self._ref(_part(node, "this")), pattern)

    def _constant(self, node: Expression) -> Predicate:
        value = self._value(node).value
        if value is True:
            return Always()
        if value is False:
            return Never()
        raise BadPredicate(
            f"{literal_text(Literal(value))} alone is not a condition.",
            known="A condition compares a column with a value, or is TRUE or FALSE.",
            hint="Age > 60, has(text, 'refund'), TRUE",
        )

    def _call(self, node: Expression) -> Predicate:
        name, arguments = _function(node)
        if name == "has" and len(arguments) == 2:
            phrase = self._value(arguments[1]).value
            if isinstance(phrase, str):
                return build.has(self._ref(arguments[0]), phrase)
        if name in ("tag", "cohort") and len(arguments) == 1:
            wanted = self._value(arguments[0]).value
            if isinstance(wanted, str):
                return InTag(wanted) if name == "tag" else InCohort(wanted)
        if (name == "input" or name in OF_MODELS) and len(arguments) == 1:
            return IsTrue(self._ref(node))
        if name == "inside" and arguments and len(arguments) % 2 == 0:
            return build.inside(self._corners(arguments))
        if name in ("length", "words", "p"):
            raise _expected(f"{name}() is a number, not a condition.", f"{FUNCTIONS[name]} > 0.5")
        raise _arguments(name)

    def _corners(self, arguments: list[Expression]) -> list[tuple[Any, Any]]:
        values = [self._value(argument).value for argument in arguments]
        return list(zip(values[::2], values[1::2], strict=True))

    def _side(self, node: Expression) -> Operand | Literal:
        kind = type(node).__name__
        return self._value(node) if kind in ("Literal", "Null") else self._operand(node)

    def _operand(self, node: Expression) -> Operand:
        kind = type(node).__name__
        if kind == "Paren":
            return self._operand(_part(node, "this"))
        if kind == "Column":
            return self._ref(node)
        if kind == "Literal":
            raise _expected(
                f"{literal_text(self._value(node))} stands where a column is needed.",
                "the column first: Age BETWEEN 50 AND 65",
            )
        if kind != "Anonymous":
            raise _outside(node)
        name, arguments = _function(node)
        if len(arguments) == 1 and name in ("length", "words"):
            ref = self._ref(arguments[0])
            return Length(ref) if name == "length" else Words(ref)
        if len(arguments) in (1, 2) and name == "p":
            model = "" if len(arguments) == 1 else self._model(arguments[1], "p")
            return Probability(self._class(arguments[0]), model)
        if name == "input" or name in OF_MODELS:
            return self._ref(node)
        if name in ("has", "tag", "cohort", "inside"):
            raise _expected(f"{name}() is a condition, not a value.", FUNCTIONS[name])
        raise _arguments(name)

    def _class(self, node: Expression) -> Any:
        value = self._value(node).value
        if not isinstance(value, (str, int, float)):
            raise _arguments("p")
        return value

    def _model(self, node: Expression, function: str) -> str:
        """The name of another model."""
        value = self._value(node).value
        if not isinstance(value, str) or read_other(other_name("correct", value)) is None:
            raise _arguments(function)
        return value

    def _ref(self, node: Expression) -> ColumnRef:
        kind = type(node).__name__
        if kind == "Paren":
            return self._ref(_part(node, "this"))
        if kind == "Column":
            token = self._token(node.name)
            return ColumnRef(str(token.value))
        if kind == "Anonymous" and _function(node)[0] == "input":
            arguments = _function(node)[1]
            if len(arguments) != 1 or type(arguments[0]).__name__ not in ("Column", "Literal"):
                raise _arguments("input")
            return ColumnRef(str(self._token(arguments[0].name).value), is_input=True)
        if kind == "Anonymous" and _function(node)[0] in OF_MODELS:
            name, arguments = _function(node)
            if len(arguments) != 1:
                raise _arguments(name)
            return ColumnRef(other_name(name, self._model(arguments[0], name)))
        raise _expected("a column is needed here.", "has(text, 'refund'), Age > 60")

    def _value(self, node: Expression) -> Literal:
        kind = type(node).__name__
        if kind == "Literal":
            return Literal(self._token(node.name).value)
        if kind == "Null":
            raise BadPredicate(
                "NULL cannot be compared with = or IN.",
                known="No comparison with a missing value is true.",
                hint="Balance IS NULL, or Balance IS NOT NULL",
            )
        if kind == "Column":
            name = str(self._token(node.name).value)
            raise _expected(
                f"the column {name_text(name)} stands where a value is needed.",
                f"text in single quotes: {literal_text(Literal(name))}",
            )
        raise _expected("a value is needed here.", "'text', 5, TRUE or DATE '2024-01-31'")

    def _token(self, place: str) -> Token:
        token = self._tokens[int(place)] if place.isdecimal() else None
        if token is None or token.kind not in (Kind.VALUE, Kind.NAME):
            raise _outside(None)  # a keyword that sqlglot took for a name
        return token


def _part(node: Expression, name: str) -> Expression:
    part = node.args.get(name)
    if part is None or isinstance(part, (str, list)):
        raise _outside(node)
    found: Expression = part
    return found


def _check_parts(node: Expression, *names: str) -> None:
    if any(part for name, part in node.args.items() if name not in names):
        raise _outside(node)


def _function(node: Expression) -> tuple[str, list[Expression]]:
    name = node.name.lower()
    if not name.startswith("mp_"):
        raise _outside(node)
    return name.removeprefix("mp_"), list(node.expressions)


def _outside(node: Expression | None) -> BadPredicate:
    kind = type(node).__name__
    if kind in _COMPARISONS or kind in ("And", "Or", "Not", "Between", "In", "Is", "Like"):
        return _expected(
            "a condition stands where a value is needed.", "Age > 50 AND Age < 65, or BETWEEN"
        )
    return BadPredicate(
        "the cohort holds what the cohort language doesn't have.",
        known="It has comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL and functions: "
        f"{', '.join(FUNCTIONS)}.",
        hint="Geography = 'Germany' AND Age BETWEEN 50 AND 65",
    )


def _constants(left: Literal, op: str, right: Literal) -> BadPredicate:
    return BadPredicate(
        f"{literal_text(left)} {op} {literal_text(right)} compares two values.",
        known="A comparison has a column on one side; names stand in double quotes or none.",
        hint="TRUE for all rows" if left == right else "Age > 60",
    )


def _expected(problem: str, hint: str) -> BadPredicate:
    return BadPredicate(
        problem,
        known="A condition compares a column with a value or another column.",
        hint=hint,
    )


def _arguments(name: str) -> BadPredicate:
    if name in OF_MODELS:
        return BadPredicate(
            f"{name}() needs the name of a model.",
            known="It is what another model made of the same rows.",
            hint=f"{name}('gbm@1'), or {name} of this model",
        )
    return BadPredicate(
        f"{name}() has the wrong arguments.",
        known="Names of columns stand bare or in double quotes, text in single quotes.",
        hint=FUNCTIONS.get(name, "has(text, 'refund')"),
    )
