"""What a check is: an expectation of some kind, with a name and who cares.

A kind is a frozen dataclass whose fields are its options. It works in two steps, so that the
model calls of a whole suite can be united: `plan` says which rows are to be predicted, `judge`
reads the answers. Kinds of your own are registered by a decorator:

    @mp.check_kind("quiet")
    @dataclass(frozen=True, kw_only=True)
    class Quiet(mp.Kind): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar

from mispredict.core.errors import BadOption
from mispredict.core.options import choice, text, whole
from mispredict.core.registry import Registry
from mispredict.expectations.options import check_options, listed
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Subject
from mispredict.expectations.verdict import Judged

SEVERITIES = ("block", "warn")
Needs: TypeAlias = Literal["data", "predictions", "model"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Base of the kinds of checks; its fields are options (`expectations.options.option`).

    `name` and `summary` are set when it is registered. `needs` says what has to be there: a
    model that can be called, predictions, or data alone. `needs_reference` asks for other data
    to compare with, `needs_baseline` for another model.
    """

    name: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    needs: ClassVar[Needs] = "predictions"
    needs_reference: ClassVar[bool] = False
    needs_baseline: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_options(self)
        listed(self)
        _check_order(getattr(self, "min", None), getattr(self, "max", None))
        self.validate()

    def validate(self) -> None:
        """Raise `BadOption` where options do not go together."""

    def plan(self, subject: Subject, seed: int) -> Plan:
        """The rows whose predictions are needed; none by default."""
        return Plan(seed=seed)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged | Plan:
        """The verdict on the answers for the planned rows, or a plan of what else to ask."""
        raise NotImplementedError


def _check_order(least: Any, most: Any) -> None:
    """Raise where no value can be between two bounds."""
    are_numbers = isinstance(least, (int, float)) and isinstance(most, (int, float))
    if are_numbers and least > most:
        raise BadOption(
            f"min={least} is above max={most}.",
            known="No value lies between them, so that nothing could pass.",
            hint=f"min={most}, max={least}",
        )


# Rooms that offer kinds, by name: none of them knows another.
KINDS: Registry[type[Kind]] = Registry(
    "check", homes=("mispredict.checks.catalog", "mispredict.data.catalog")
)
K = TypeVar("K", bound=type[Kind])


def check_kind(name: str, *, replace: bool = False) -> Callable[[K], K]:
    """Decorator that adds a kind of check; the first line of its docstring sums it up."""

    def add(kind: K) -> K:
        if not (isinstance(kind, type) and issubclass(kind, Kind)):
            raise BadOption(
                f"{getattr(kind, '__name__', kind)!r} is no kind of check.",
                known="A kind is a frozen dataclass that derives from Kind.",
                hint="class Quiet(mp.Kind)",
            )
        kind.name = name
        kind.summary = (kind.__doc__ or "").strip().split("\n")[0]
        KINDS.register(name, replace=replace)(kind)
        return kind

    return add


@dataclass(frozen=True)
class Check:
    """An expectation with a name.

    Attributes:
        name: what it is called in reports; one suite has it once.
        kind: what is expected.
        severity: `block` where a verdict other than pass fails the suite, or `warn`.
        tags: words to select it by.
        owner: who is to be told.
        reason: why it is there.
        seed: of all its draws.
    """

    name: str
    kind: Kind
    severity: Literal["block", "warn"] = "block"
    tags: tuple[str, ...] = ()
    owner: str = ""
    reason: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        if not text("name", self.name).strip():
            raise BadOption("a check needs a name.", hint="name='seniors are served'")
        choice("severity", self.severity, SEVERITIES)
        whole("seed", self.seed, 0)
        object.__setattr__(self, "tags", tuple(self.tags))
