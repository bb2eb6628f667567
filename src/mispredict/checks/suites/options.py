"""Options of kinds of checks: what they are called, mean and may be, from the dataclass itself."""

from __future__ import annotations

import inspect
import math
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, Literal

from mispredict.checks.suites.files import said
from mispredict.checks.suites.yaml import ListNode, MapNode, Node, TextNode
from mispredict.expectations.options import is_inside, range_words, type_words

_NO = object()  # no value: the node does not fit


@dataclass(frozen=True, slots=True)
class Option:
    """A typed field of a kind of check.

    Attributes:
        name: of the field.
        type: its annotation.
        default: what it is when left out; `dataclasses.MISSING` if it must be given.
        about: what the docstring says of it.
        metadata: bounds, and of what it names: a cohort, a column, a metric…
    """

    name: str
    type: Any
    default: Any
    about: str
    metadata: Mapping[str, Any]

    @property
    def is_required(self) -> bool:
        return self.default is MISSING

    @property
    def words(self) -> str:
        """Its type for people."""
        return in_words(self.type)

    @property
    def bounds(self) -> str:
        """Its range for people; "" where there is none."""
        return range_words(self.metadata)

    def read(self, node: Node) -> Any:
        """The value that the node gives.

        Raises:
            BadSuite: it is of another type, or out of the range.
        """
        value = convert(node, self.type)
        if value is _NO:
            raise node.place.fault(
                f"{self.name} must be {self.words}.",
                known=f"Here is {said(node)}.",
                hint=f"{self.name}: {self.example}",
            )
        self._check_range(node, value)
        return value

    @property
    def example(self) -> str:
        """A value that could be given."""
        is_telling = self.default is not MISSING and self.default not in (None, (), "")
        if is_telling:
            return as_yaml(self.default)
        return _example(self.type, self.metadata)

    def _check_range(self, node: Node, value: Any) -> None:
        if isinstance(value, (tuple, Mapping)):
            inner = node.items if isinstance(node, ListNode) else ()
            values = value.values() if isinstance(value, Mapping) else value
            if isinstance(node, MapNode):
                inner = tuple(node.items.values())
            for at, item in enumerate(values):
                self._check_range(inner[at] if at < len(inner) else node, item)
        elif isinstance(value, (int, float)) and not _is_allowed(value, self.metadata):
            raise node.place.fault(
                f"{self.name}={value:g} is out of its range.",
                known=f"It is {self.words}{self.bounds and ' '}{self.bounds}.",
                hint=f"{self.name}: {_example(self.type, self.metadata)}",
            )


def options_of(kind: Any) -> Mapping[str, Option]:
    """The options of a kind by name, in the order of its fields."""
    return _options_of(kind)


@cache
def _options_of(kind: Any) -> Mapping[str, Option]:
    hints = typing.get_type_hints(kind)
    bases = reversed(kind.__mro__)
    about = {name: text for base in bases for name, text in attributes(base).items()}
    found = {}
    for field in fields(kind):
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        found[field.name] = Option(
            field.name, hints[field.name], default, about.get(field.name, ""), field.metadata
        )
    return found


def attributes(kind: type) -> dict[str, str]:
    """What the section `Attributes:` of a docstring says of each of them."""
    found: dict[str, str] = {}
    _, _, section = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:\n")
    name = ""
    for line in section.splitlines():
        if line and not line.startswith(" "):
            break
        start = re.match(r" {4}(\w+)(?: \([^)]*\))?: (.*)", line)
        if start:
            name = start[1]
            found[name] = start[2].strip()
        elif name and line.strip():
            found[name] += f" {line.strip()}"
    return found


def convert(node: Node, wanted: Any) -> Any:
    """The node as a value of the type; `_NO` if it is none."""
    origin = typing.get_origin(wanted)
    if origin in (typing.Union, types.UnionType):
        return _one_of(node, typing.get_args(wanted))
    if origin is tuple:
        return _as_tuple(node, typing.get_args(wanted))
    if origin is not None and origin is not Literal:
        return _as_mapping(node, typing.get_args(wanted)[-1])
    if not isinstance(node, TextNode):
        return _NO
    if origin is Literal:
        allowed = typing.get_args(wanted)
        return next((item for item in allowed if item in (node.value, node.text)), _NO)
    return _as_plain(node, wanted)


def in_words(wanted: Any) -> str:
    """A type for people: "a number or text"."""
    words = type_words(wanted)
    return words if words.startswith(("one of", "true", "text", "anything")) else f"a {words}"


def as_yaml(value: Any) -> str:
    """A plain value as YAML writes it in one line."""
    import yaml

    text = yaml.safe_dump(
        _dumped(value), default_flow_style=True, allow_unicode=True, width=math.inf, sort_keys=False
    )
    return str(text).removesuffix("\n...\n").strip()


def _dumped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _dumped(item) for key, item in value.items()}
    return [_dumped(item) for item in value] if isinstance(value, (tuple, list)) else value


def _as_plain(node: TextNode, wanted: Any) -> Any:
    value = node.value
    if wanted is str:
        return _NO if value is None else node.text
    if wanted is type(None):
        return None if value is None else _NO
    if wanted is bool:
        return value if isinstance(value, bool) else _NO
    if isinstance(value, bool):
        return _NO if wanted in (int, float) else value
    if wanted is float:
        return float(value) if isinstance(value, (int, float)) else _NO
    if wanted is int:
        is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return int(value) if is_whole else _NO
    return value


def _one_of(node: Node, wanted: tuple[Any, ...]) -> Any:
    """What the node itself reads as, or else the first type that takes it."""
    if isinstance(node, TextNode):
        own = type(node.value)
        exact = [item for item in wanted if item is own]
        if own is int and float in wanted and int not in wanted:
            exact = [float]
        rest = [item for item in wanted if item not in exact]
        rest.sort(key=lambda item: item is str)  # takes anything, so it is asked last
        wanted = (*exact, *rest)
    for item in wanted:
        value = convert(node, item)
        if value is not _NO:
            return value
    return _NO


def _as_tuple(node: Node, items: tuple[Any, ...]) -> Any:
    """A list; one value alone stands for a list of it, where any length is allowed."""
    if isinstance(node, TextNode):
        if items[-1] is not Ellipsis or node.value is None:
            return _NO
        value = convert(node, items[0])
        return _NO if value is _NO else (value,)
    if not isinstance(node, ListNode):
        return _NO
    wanted = [items[0]] * len(node.items) if items[-1] is Ellipsis else list(items)
    if len(wanted) != len(node.items):
        return _NO
    values = tuple(convert(item, kind) for item, kind in zip(node.items, wanted, strict=True))
    return _NO if any(value is _NO for value in values) else values


def _as_mapping(node: Node, wanted: Any) -> Any:
    if not isinstance(node, MapNode):
        return _NO
    values = {key: convert(item, wanted) for key, item in node.items.items()}
    return _NO if any(value is _NO for value in values.values()) else values


def _is_allowed(value: float, metadata: Mapping[str, Any]) -> bool:
    return isinstance(value, bool) or (math.isfinite(value) and is_inside(value, metadata))


def _example(wanted: Any, metadata: Mapping[str, Any]) -> str:
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        return _example(next(item for item in args if item is not type(None)), metadata)
    if origin is Literal:
        return str(args[0])
    if origin is tuple:
        count = 1 if args[-1] is Ellipsis else len(args)
        return f"[{', '.join([_example(args[0], metadata)] * count)}]"
    if origin is not None:
        return f"{{name: {_example(args[-1], metadata)}}}"
    if wanted in (int, float):
        return _number_within(metadata, wanted)
    return {bool: "true", str: "…"}.get(wanted, "…")


def _number_within(metadata: Mapping[str, Any], wanted: Any) -> str:
    low = metadata.get("minimum", metadata.get("exclusive_minimum"))
    high = metadata.get("maximum", metadata.get("exclusive_maximum"))
    if low is not None and high is not None:
        middle = (low + high) / 2
        return f"{int(middle) if wanted is int else middle:g}"
    if low is not None:
        return f"{low + 1:g}"
    return f"{high if high is not None else (10 if wanted is int else 0.5):g}"
