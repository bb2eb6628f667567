"""YAML as a tree whose every part knows its file, line and column.

Words are read as YAML 1.2 reads them, so that `yes`, `no` and `on` are words and no truth
values, and what a word is meant to be is decided by the option that it stands for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mispredict.core.errors import BadSuite

if TYPE_CHECKING:
    import yaml

MOST_NODES = 100_000  # of one file, what aliases repeat included
MOST_LEVELS = 20
MOST_LETTERS = 10_000_000  # of one file; a device has no end
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_DIGITS = 18  # of a whole number; more are a fault of typing, or meant as text


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; lines and columns are counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def fault(self, problem: str, *, known: str = "", hint: str = "") -> BadSuite:
        """The error that something is wrong here."""
        return BadSuite(f"{self}: {problem}", known=known, hint=hint)


@dataclass(frozen=True, slots=True)
class TextNode:
    """A word, number or text as it is written; `raw` is how, quotes and indents included."""

    place: Place
    text: str
    is_plain: bool
    raw: str = field(repr=False, compare=False, default="")

    @property
    def value(self) -> Any:
        """None, a truth value or a number if it reads as one without quotes, else the text."""
        if not self.is_plain:
            return self.text
        if self.text in _WORDS:
            return _WORDS[self.text]
        if _WHOLE.fullmatch(self.text):
            return int(self.text) if len(self.text) <= _DIGITS else self.text
        return float(self.text) if _NUMBER.fullmatch(self.text) else self.text

    def at(self, position: int) -> Place:
        """The place of the character of the text, counted from 0."""
        offset = _offset(self.text, self.raw, position)
        before = self.raw[:offset]
        lines = before.count("\n")
        column = offset - before.rfind("\n") if lines else self.place.column + offset
        return Place(self.place.file, self.place.line + lines, column)


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list of nodes."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """Nodes by key, each with the place of its key."""

    place: Place
    items: Mapping[str, Node]
    keys: Mapping[str, Place]


Node: TypeAlias = TextNode | ListNode | MapNode


def read_yaml(text: str, file: str) -> Node | None:
    """The tree of a YAML text; None of an empty one.

    Args:
        text: the YAML.
        file: how messages call it.

    Raises:
        BadSuite: it is no YAML, has a key twice, or is nested without end.
    """
    import yaml

    try:
        root = _composed(text, file)
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, file) from None
    except yaml.reader.ReaderError as error:
        place = _place_of_index(text, file, int(error.position))
        raise place.fault(
            f"the character {chr(int(error.character))!r} cannot be in YAML.",
            known="Only printable characters can.",
            hint="leave it out, or write it as an escape in double quotes",
        ) from None
    return None if root is None else _Reading(text, file).node(root, 0)


def read_file(path: Path, file: str) -> str:
    """The text of a file; `file` is how messages call it.

    Raises:
        BadSuite: it cannot be read, is no UTF-8, or does not end.
    """
    try:
        with path.open(encoding="utf-8-sig") as opened:
            text = opened.read(MOST_LETTERS + 1)
    except OSError as error:
        raise BadSuite(
            f"{file}: the file cannot be read.",
            known=f"The system says: {error.strerror or error}.",
            hint="the path of a suite, such as churn.suite.yaml",
        ) from error
    except UnicodeDecodeError as error:
        raise BadSuite(
            f"{file}: the file is not text in UTF-8.",
            known=f"Byte {error.start:,} cannot be read.",
            hint="save it as UTF-8",
        ) from error
    if len(text) > MOST_LETTERS:
        raise BadSuite(
            f"{file}: the file is too long.",
            known=f"A file of a suite has at most {MOST_LETTERS:,} letters.",
            hint="the path of a suite, such as churn.suite.yaml",
        )
    return text


class _Reading:
    """The way from YAML's own nodes to ours."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.count = 0

    def node(self, node: Any, level: int) -> Node:
        import yaml

        self.count += 1
        place = self._place(node.start_mark)
        if level > MOST_LEVELS or self.count > MOST_NODES:
            raise _endless(place)
        if isinstance(node, yaml.ScalarNode):
            raw = self.text[node.start_mark.index : node.end_mark.index]
            return TextNode(place, node.value, not node.style, raw)
        if isinstance(node, yaml.SequenceNode):
            return ListNode(place, tuple(self.node(item, level + 1) for item in node.value))
        return self._map(node, place, level)

    def _map(self, node: yaml.MappingNode, place: Place, level: int) -> MapNode:
        items: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key, value in node.value:
            name, at = self._key(key)
            if name in keys:
                raise at.fault(
                    f"{name!r} is given twice.",
                    known=f"The first time is in line {keys[name].line}.",
                    hint="leave out one of them",
                )
            keys[name] = at
            items[name] = self.node(value, level + 1)
        return MapNode(place, items, keys)

    def _key(self, key: Any) -> tuple[str, Place]:
        at = self._place(key.start_mark)
        if not isinstance(key.value, str):
            raise at.fault(
                "a list or block cannot be a name.", known="It stands before a ':'.", hint="a word"
            )
        if key.value == "<<" and not key.style:
            raise at.fault(
                "'<<' is not read here.",
                known="Options are not merged.",
                hint="parameters, such as ${floor}, and include",
            )
        return key.value, at

    def _place(self, mark: yaml.Mark) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)


def walk(node: Node) -> Iterator[TextNode]:
    """Every text below a node, in the order of the file."""
    if isinstance(node, TextNode):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from walk(item)
    else:
        for item in node.items.values():
            yield from walk(item)


def _composed(text: str, file: str) -> Any:
    """YAML's own tree, by the compiled parser where there is one, which is ten times as fast."""
    import yaml

    quick = getattr(yaml, "CSafeLoader", None)
    if quick is not None:
        try:
            _check_levels(text, file, quick)
            return yaml.compose(text, Loader=quick)
        except yaml.YAMLError:
            pass  # the other one says it better, and the same everywhere
    _check_levels(text, file, yaml.SafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _check_levels(text: str, file: str, loader: Any) -> None:
    """Raise where lists and blocks are too deep; composing them would overrun the stack."""
    import yaml

    level = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            if level > MOST_LEVELS:
                mark = event.start_mark
                raise _endless(Place(file, mark.line + 1, mark.column + 1))
            level += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1


def _endless(place: Place) -> BadSuite:
    return place.fault(
        "this is nested or repeated without end.",
        known=f"A suite has at most {MOST_LEVELS} levels and {MOST_NODES:,} parts.",
        hint="leave out aliases (*name)",
    )


def _unreadable(error: yaml.MarkedYAMLError, file: str) -> BadSuite:
    mark = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    is_tab = "'\\t'" in (error.problem or "")
    return place.fault(
        "this is not valid YAML.",
        known=f"Reading said: {said}.",
        hint="spaces instead of the tab"
        if is_tab
        else "a text with ': ', '#' or quotes in it needs quotes around it",
    )


def _place_of_index(text: str, file: str, index: int) -> Place:
    before = text[:index]
    return Place(file, before.count("\n") + 1, index - before.rfind("\n"))


def _offset(text: str, raw: str, position: int) -> int:
    """Where the text's character stands in how it is written.

    Quotes, escapes, indents and the marks of blocks are written and not in the text, so the
    characters of the text are sought one after the other; a space may be written as a line's end.
    """
    at = raw.find("\n") + 1 if raw[:1] in ("|", ">") else int(raw[:1] in ("'", '"'))
    for count, letter in enumerate(text):
        wanted = " \n" if letter.isspace() else letter
        while at < len(raw) and raw[at] not in wanted:
            at += 1
        if letter.isspace() and raw[at : at + 1] == "\n":
            at = _after_indent(raw, at)
            if count < position:
                continue
        if count == position:
            return at
        at += 1
    return min(at, len(raw))


def _after_indent(raw: str, at: int) -> int:
    while at < len(raw) and raw[at] in " \n":
        at += 1
    return at
