"""The immutable tree that a cohort is, whatever it was written in.

Conditions (`Predicate`) are made of operands (`ColumnRef`, `Length`, `Words`, `Probability`)
and of `Literal` values. `And`, `Or` and `Not` are made by `all_of`, `any_of` and `negate` in
`build.py`, which flatten, deduplicate and fold, so a tree is at most `MAX_DEPTH` deep however
wide it is, and functions over it may recurse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.polygon import Corner
from mispredict.core.task import Scalar

if TYPE_CHECKING:
    from mispredict.core.predicate.fields import Fields
    from mispredict.core.predicate.sentence import Chip

MAX_DEPTH: Final = 20
INVERSE: Final = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MAP: Final = ("map_x", "map_y")  # the columns of a row's place on the map
FLIPPED: Final = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True, order=True)
class ColumnRef:
    """A column by name; `is_input` reaches an input that a reserved name hides."""

    name: str
    is_input: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """Number of characters of a text."""

    ref: ColumnRef


@dataclass(frozen=True, slots=True)
class Words:
    """Number of tokens of a text; `has` finds phrases made of the same tokens."""

    ref: ColumnRef


@dataclass(frozen=True, slots=True)
class Probability:
    """The model's probability of a class, or another model's."""

    class_: Scalar
    model: str = ""


Operand: TypeAlias = ColumnRef | Length | Words | Probability


@dataclass(frozen=True, eq=False, repr=False)
class Predicate:
    """A condition on the rows of an evaluation: what a cohort is.

    Two predicates are equal when their `key` is: the same conditions in another order, twice,
    or written another way (`a BETWEEN 1 AND 2`, `a >= 1 AND a <= 2`) are one cohort.
    """

    @cached_property
    def text(self) -> str:
        """Canonical text: normalised, in the order in which it was given."""
        from mispredict.core.predicate.text import text_of

        return text_of(self)

    @cached_property
    def key(self) -> str:
        """Identity that doesn't depend on order or way of writing; for caches, not for people."""
        from mispredict.core.predicate.identity import key_of

        return key_of(self)

    @property
    def depth(self) -> int:
        """How many AND, OR and NOT stand inside one another."""
        return 0

    def bind(self, fields: Fields) -> Predicate:
        """The predicate with names resolved, types checked and dates read."""
        from mispredict.core.predicate.bind import bind

        return bind(self, fields)

    def columns(self) -> frozenset[ColumnRef]:
        """The columns it reads; those of the cohorts it names are not among them."""
        from mispredict.core.predicate.walk import columns_of

        return columns_of(self)

    def tags(self) -> frozenset[str]:
        """The tags it names."""
        from mispredict.core.predicate.walk import leaves

        return frozenset(leaf.name for leaf in leaves(self) if isinstance(leaf, InTag))

    def cohorts(self) -> frozenset[str]:
        """The cohorts it names."""
        from mispredict.core.predicate.walk import leaves

        return frozenset(leaf.name for leaf in leaves(self) if isinstance(leaf, InCohort))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, which `from_dict` reads."""
        from mispredict.core.predicate.wire import to_dict

        return to_dict(self)

    @staticmethod
    def from_dict(value: dict[str, Any]) -> Predicate:
        from mispredict.core.predicate.wire import from_dict

        return from_dict(value)

    def to_url(self) -> str:
        """The text, safe in any part of a URL."""
        from mispredict.core.predicate.wire import to_url

        return to_url(self)

    @staticmethod
    def from_url(value: str) -> Predicate:
        from mispredict.core.predicate.wire import from_url

        return from_url(value)

    def sentence(self) -> str:
        """English for someone who doesn't write SQL."""
        from mispredict.core.predicate.sentence import sentence_of

        return sentence_of(self)

    def chips(self) -> tuple[Chip, ...]:
        """One chip per condition that must hold."""
        from mispredict.core.predicate.sentence import chips_of

        return chips_of(self)

    def __and__(self, other: Predicate) -> Predicate:
        from mispredict.core.predicate.build import all_of

        return all_of([self, other])

    def __or__(self, other: Predicate) -> Predicate:
        from mispredict.core.predicate.build import any_of

        return any_of([self, other])

    def __invert__(self) -> Predicate:
        from mispredict.core.predicate.build import negate

        return negate(self)

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Predicate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"parse({self.text!r})"


@dataclass(frozen=True, eq=False, repr=False)
class Always(Predicate):
    """All rows."""


@dataclass(frozen=True, eq=False, repr=False)
class Never(Predicate):
    """No row."""


@dataclass(frozen=True, eq=False, repr=False)
class And(Predicate):
    """All of at least two different conditions, none of which is an And."""

    terms: tuple[Predicate, ...]

    def __post_init__(self) -> None:
        _check_depth(self)

    @cached_property
    def depth(self) -> int:
        return 1 + max(term.depth for term in self.terms)


@dataclass(frozen=True, eq=False, repr=False)
class Or(Predicate):
    """Any of at least two different conditions, none of which is an Or."""

    terms: tuple[Predicate, ...]

    def __post_init__(self) -> None:
        _check_depth(self)

    @cached_property
    def depth(self) -> int:
        return 1 + max(term.depth for term in self.terms)


@dataclass(frozen=True, eq=False, repr=False)
class Not(Predicate):
    """The rows for which the condition is false (not those for which it is unknown)."""

    term: Predicate

    def __post_init__(self) -> None:
        _check_depth(self)

    @cached_property
    def depth(self) -> int:
        return 1 + self.term.depth


@dataclass(frozen=True, eq=False, repr=False)
class Compare(Predicate):
    """`left op right`, where op is one of = <> < <= > >=."""

    left: Operand
    op: str
    right: Operand | Literal


@dataclass(frozen=True, eq=False, repr=False)
class In(Predicate):
    """The operand is one of at least two values."""

    operand: Operand
    values: tuple[Literal, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Between(Predicate):
    """Low <= operand <= high."""

    operand: Operand
    low: Literal
    high: Literal


@dataclass(frozen=True, eq=False, repr=False)
class IsNull(Predicate):
    """The operand is missing."""

    operand: Operand


@dataclass(frozen=True, eq=False, repr=False)
class IsTrue(Predicate):
    """A boolean column holds."""

    ref: ColumnRef


@dataclass(frozen=True, eq=False, repr=False)
class Like(Predicate):
    """The text matches the pattern: % any characters, _ one; case matters, nothing escapes."""

    ref: ColumnRef
    pattern: str


@dataclass(frozen=True, eq=False, repr=False)
class Has(Predicate):
    """The text holds the phrase as whole tokens, whatever its case; a list holds the label."""

    ref: ColumnRef
    phrase: str


@dataclass(frozen=True, eq=False, repr=False)
class InTag(Predicate):
    """The row has the tag."""

    name: str


@dataclass(frozen=True, eq=False, repr=False)
class InCohort(Predicate):
    """The row is in the saved cohort."""

    name: str


@dataclass(frozen=True, eq=False, repr=False)
class Inside(Predicate):
    """The row's place on the map lies in the polygon of these corners, by the even-odd rule."""

    corners: tuple[Corner, ...]


def too_deep() -> BadPredicate:
    """The error of a cohort that nests more than `MAX_DEPTH` deep."""
    return BadPredicate(
        "the cohort nests brackets, AND, OR and NOT too deeply.",
        known=f"At most {MAX_DEPTH} may stand inside one another.",
        hint="save a part of it as a cohort and refer to it by cohort('name')",
    )


def _check_depth(predicate: Predicate) -> None:
    if predicate.depth > MAX_DEPTH:
        raise too_deep()
