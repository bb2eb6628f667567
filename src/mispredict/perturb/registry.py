"""What a perturbation is, and how one is added.

@perturbation("shout", on="text", keeps_label=True)
def shout(texts: list[str], strength: float, rng: Draws) -> list[str]:
    \"""Texts in capital letters.\"""
    return [text.upper() for text in texts]
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar

from mispredict.core.errors import BadOption
from mispredict.core.options import choice, shown
from mispredict.core.registry import Registry
from mispredict.perturb.naming import parted, with_options

Kind: TypeAlias = Literal["text", "tabular", "image", "audio"]
Takes: TypeAlias = Literal["values", "texts"]
KINDS: tuple[Kind, ...] = ("text", "tabular", "image", "audio")
GIVEN = ("columns", "reference")  # keywords that are passed by `apply` to who takes them
_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A change of inputs; `a | b` does one after the other.

    Attributes:
        name: its own.
        on: what it changes: texts, rows of a table, images or audio.
        keeps_label: whether the right answer stays what it was.
        change: the function `(values, strength, rng)`, which gives as many values.
        takes: "values" is a list (a frame, of tabular ones); "texts" the room's own batch.
        options: keywords of the function and what they are by default.
        summary: the first line of its docstring.
    """

    name: str
    on: Kind
    keeps_label: bool
    change: Callable[..., Any] = field(repr=False)
    takes: Takes = "values"
    options: Mapping[str, Any] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    summary: str = ""

    def __or__(self, other: Perturbation | Chain) -> Chain:
        return Chain((self, *chain_of(other).parts))

    @property
    def doc(self) -> str:
        """All that its docstring says."""
        return inspect.getdoc(self.change) or ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Perturbations that are done one after the other."""

    parts: tuple[Perturbation, ...]

    def __or__(self, other: Perturbation | Chain) -> Chain:
        return Chain((*self.parts, *chain_of(other).parts))

    @property
    def name(self) -> str:
        return " | ".join(part.name for part in self.parts)

    @property
    def keeps_label(self) -> bool:
        """Whether every one of them keeps the label."""
        return all(part.keeps_label for part in self.parts)

    @property
    def on(self) -> tuple[Kind, ...]:
        """What they change."""
        return tuple(dict.fromkeys(part.on for part in self.parts))


PERTURBATIONS: Registry[Perturbation] = Registry("perturbation")
Names: TypeAlias = "str | Perturbation | Chain | Iterable[str | Perturbation | Chain]"


def perturbation(
    name: str, *, on: Kind, keeps_label: bool, takes: Takes = "values", replace: bool = False
) -> Callable[[_F], _F]:
    """Decorator that makes a function a perturbation, known by its name everywhere.

    The function is `(values, strength, rng)`: a list of texts without missing ones (of
    `on="tabular"` a frame), a strength above 0 up to 1, and draws that belong to rows
    (`rng.random()` is one number for each value). It gives as many values, in the same order.
    Its keyword-only arguments are options; of tabular ones, `columns` are those to change and
    `reference` is what is known of the columns' values.

    Args:
        name: what it is called.
        on: "text", "tabular", "image" or "audio".
        keeps_label: whether the right answer stays what it was.
        takes: "texts" for the room's own batch of texts instead of a list.
        replace: whether to take the place of one of the same name.

    Example:
        >>> import mispredict as mp
        >>> @mp.perturbation("shout", on="text", keeps_label=True, replace=True)
        ... def shout(texts, strength, rng):
        ...     return [t.upper() if u < strength else t for t, u in zip(texts, rng.random())]
    """
    choice("on", on, KINDS)
    choice("takes", takes, ("values", "texts"))

    def add(function: _F) -> _F:
        keywords = {
            item.name: item.default
            for item in inspect.signature(function).parameters.values()
            if item.kind is inspect.Parameter.KEYWORD_ONLY
        }
        made = Perturbation(
            name=name,
            on=on,
            keeps_label=keeps_label,
            change=function,
            takes=takes,
            options={key: value for key, value in keywords.items() if key not in GIVEN},
            given=tuple(key for key in keywords if key in GIVEN),
            summary=(inspect.getdoc(function) or "").partition("\n")[0],
        )
        PERTURBATIONS.register(name, replace=replace)(made)
        return function

    return add


def chain_of(names: Names) -> Chain:
    """The perturbations that were meant: names (also "a | b"), or perturbations themselves.

    A name may have options, `shift(down=true)`: numbers, texts and truth values.

    Raises:
        UnknownName: there is none of that name.
        BadOption: something else was given, or nothing, or an option that it does not have.
    """
    if isinstance(names, Chain):
        return names
    if isinstance(names, Perturbation):
        return Chain((names,))
    if isinstance(names, str):
        return Chain(tuple(map(_named, names.split("|"))))
    if not isinstance(names, Iterable):
        raise _no_name(names)
    parts: list[Perturbation] = []
    for item in names:
        if not isinstance(item, (str, Perturbation, Chain)):
            raise _no_name(item)
        parts += chain_of(item).parts
    if not parts:
        raise BadOption(
            "no perturbation was named.",
            known=f"There are {len(PERTURBATIONS)}.",
            hint="'typo_swap', or mispredict.perturb.PERTURBATIONS for all",
        )
    return Chain(tuple(parts))


def _named(text: str) -> Perturbation:
    name, options = parted(text)
    return with_options(PERTURBATIONS[name], options)


def _no_name(value: object) -> BadOption:
    return BadOption(
        f"{shown(value)} is no perturbation.",
        known="A perturbation is known by its name; several are a list or 'a | b'.",
        hint="'typo_swap'",
    )
