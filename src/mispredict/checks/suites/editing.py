"""Single checks in the text of a suite: cut out, replaced, added, while the rest stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mispredict.checks.suites.files import as_text
from mispredict.checks.suites.suite import Suite
from mispredict.checks.suites.yaml import ListNode, MapNode, read_yaml
from mispredict.core.errors import BadSuite, UnknownName

_FILE = "suite"


@dataclass(frozen=True, slots=True)
class Passage:
    """The lines of one check, from `first` to before `end`; its text begins at `column`."""

    name: str
    first: int
    end: int
    column: int
    text: str


def read_suite(text: str) -> Suite:
    """The suite of a text that may come from anybody: no file is read for it.

    Raises:
        BadSuite: it has a fault, or includes files.
    """
    root = read_yaml(text, _FILE)
    if isinstance(root, MapNode) and "include" in root.items:
        raise root.keys["include"].fault(
            "files are not included here.",
            known="A suite in the workspace is one text.",
            hint="the checks themselves, or mispredict test in the folder of the files",
        )
    return Suite.parse(text)


def passages(text: str) -> Mapping[str, Passage]:
    """The lines of each check by its name; those that share a line with others are left out."""
    root = read_yaml(text, _FILE)
    checks = root.items.get("checks") if isinstance(root, MapNode) else None
    if not isinstance(root, MapNode) or not isinstance(checks, ListNode):
        return {}
    lines = text.split("\n")
    starts = [item.place.line - 1 for item in checks.items]
    after = [place.line - 1 for place in root.keys.values() if place.line - 1 > starts[-1]]
    ends = [*starts[1:], min(after, default=len(lines))]
    found = {}
    for item, first, end in zip(checks.items, starts, ends, strict=True):
        column = item.place.column - 1
        is_block = lines[first][:column].strip() == "-" and lines[first][column] != "{"
        if isinstance(item, MapNode) and "name" in item.items and is_block:
            name = as_text(item.items["name"], "'name'").text
            found[name] = _passage(lines, name, first, end, column)
    return found


@dataclass(frozen=True, slots=True)
class Edited:
    """A suite's text with a part that was given: how many lines and columns stand before it."""

    text: str
    lines: int
    columns: int


def with_check(text: str, check: str, new: str | None) -> Edited:
    """The suite's text with other lines for a check; None takes it out."""
    text, found = _in_blocks(text)
    if check not in found:
        raise UnknownName.of("check", check, list(found))
    at = found[check]
    lines = text.split("\n")
    made = [] if new is None else _item(new, lines[at.first][: at.column])
    whole = "\n".join([*lines[: at.first], *made, *lines[at.end :]])
    return Edited(whole, at.first, at.column)


def with_checks(text: str, new: Sequence[str]) -> Edited:
    """The suite's text with further checks at its end."""
    text, found = _in_blocks(text)
    last = max(found.values(), key=lambda item: item.end)
    lines = text.split("\n")
    prefix = lines[last.first][: last.column]
    made = [line for item in new for line in _item(item, prefix)]
    whole = "\n".join([*lines[: last.end], *made, *lines[last.end :]])
    return Edited(whole, last.end, last.column)


def new_suite(name: str, head: Mapping[str, str], checks: Sequence[str]) -> Edited:
    """The text of a new suite."""
    top = "".join(f"{key}: {value}\n" for key, value in {"suite": name, **head}.items())
    lines = [line for item in checks for line in _item(item, "  - ")]
    text = f"{top}checks:\n" + "\n".join(lines) + "\n"
    return Edited(text, top.count("\n") + 1, 4)


def moved(error: BadSuite, edited: Edited) -> BadSuite:
    """The fault with its place counted in the part that was given, where it is in there."""
    file, line, column, said = error.problem.split(":", 3)
    if int(line) <= edited.lines:
        return error
    place = f"{file}:{int(line) - edited.lines}:{max(int(column) - edited.columns, 1)}"
    return BadSuite(f"{place}:{said}", known=error.known, hint=error.hint)


def _passage(lines: Sequence[str], name: str, first: int, end: int, column: int) -> Passage:
    while end > first + 1 and _is_between(lines[end - 1], column):
        end -= 1
    own = [lines[first][column:], *(line[column:] for line in lines[first + 1 : end])]
    return Passage(name, first, end, column, "\n".join(own))


def _is_between(line: str, column: int) -> bool:
    """Whether a line at the end of a check belongs to none: empty, or a remark on the next one."""
    words = line.lstrip()
    return not words or (words.startswith("#") and len(line) - len(words) < column)


def _item(text: str, prefix: str) -> list[str]:
    first, *rest = text.strip("\n").split("\n")
    margin = " " * len(prefix)
    return [prefix + first, *(margin + line if line.strip() else "" for line in rest)]


def _in_blocks(text: str) -> tuple[str, Mapping[str, Passage]]:
    """The text with every check on lines of its own, written anew only where that needs it."""
    suite = read_suite(text)
    found = passages(text)
    if len(found) == len(suite):
        return text, found
    text = suite.to_yaml()
    return text, passages(text)
