"""The files of a suite as one draft: includes read, parameters filled in, no kind looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mispredict.checks.suites.parameters import check_parameters, filled, given_parameters
from mispredict.checks.suites.yaml import (
    ListNode,
    MapNode,
    Node,
    Place,
    TextNode,
    read_file,
    read_yaml,
)
from mispredict.core.errors import alternatives

KEYS = ("suite", "dataset", "model", "baseline", "reference", "include", "parameters", "checks")
HEADER = ("suite", "dataset", "model", "baseline", "reference")
ENDING = ".suite.yaml"
_WANTED = "suite: churn-gate, model: gbm, checks: [...]"
MOST_FILES = 100


@dataclass(frozen=True)
class Draft:
    """What the files of a suite say.

    Attributes:
        place: of the beginning of the file.
        header: name, dataset, model, baseline and reference, where they are given.
        checks: every check, those of included files first.
        parameters: the values that were filled in.
        files: all files that were read, the suite's own first.
    """

    place: Place
    header: Mapping[str, TextNode]
    checks: tuple[MapNode, ...]
    parameters: Mapping[str, Node]
    files: tuple[str, ...]


@dataclass
class _File:
    """One file and those that it includes."""

    name: str
    header: dict[str, TextNode] = field(default_factory=dict)
    parameters: dict[str, Node] = field(default_factory=dict)
    includes: list[_File] = field(default_factory=list)
    checks: tuple[MapNode, ...] = ()


def read_suite_file(path: Path, parameters: Mapping[str, Any] | None = None) -> Draft:
    """The draft of a file; messages name files as they were given."""
    name = str(path)
    return _draft(_Reader().file(path, name, Place(name, 1, 1)), parameters)


def read_suite_text(
    text: str, parameters: Mapping[str, Any] | None = None, *, name: str = "suite"
) -> Draft:
    """The draft of a text; what it includes is sought in the current folder."""
    return _draft(_Reader().text(text, name, Path.cwd() / name), parameters)


class _Reader:
    """Reads each file once; `_open` are those that are being read."""

    def __init__(self) -> None:
        self._open: dict[Path, str] = {}
        self._seen: set[Path] = set()

    def file(self, path: Path, name: str, place: Place) -> _File:
        whole = path.resolve()
        self._seen.add(whole)
        if len(self._seen) > MOST_FILES:
            raise place.fault(
                "too many files are included.",
                known=f"A suite has at most {MOST_FILES}.",
                hint="fewer and longer files",
            )
        return self.text(read_file(path, name), name, whole)

    def text(self, text: str, name: str, whole: Path) -> _File:
        start = Place(name, 1, 1)
        root = read_yaml(text, name)
        if not isinstance(root, MapNode):
            said = "is empty" if root is None else "is no block of names and values"
            known = "A suite has a name and a list of checks."
            raise (start if root is None else root.place).fault(
                f"the file {said}.", known=known, hint=_WANTED
            )
        check_keys(root, KEYS, "a suite")
        self._open[whole] = name
        made = _File(name, header=_header(root))
        if "parameters" in root.items:
            made.parameters = dict(check_parameters(as_map(root.items["parameters"], "parameters")))
        for node in _listed(root, "include"):
            found = self._included(node, name, whole)
            made.includes += [found] if found else []
        made.checks = tuple(as_map(node, "a check") for node in _listed(root, "checks"))
        del self._open[whole]
        return made

    def _included(self, node: Node, name: str, whole: Path) -> _File | None:
        """The file that a line of `include` names; None if it was read already."""
        text = as_text(node, "a file to include")
        path = whole.parent / text.text
        place = text.place
        if path.resolve() in self._open:
            ring = [*self._open.values()]
            first = ring[[*self._open].index(path.resolve()) :]
            raise place.fault(
                f"{text.text!r} would include itself.",
                known=f"The way is {' → '.join([*first, first[0]])}.",
                hint="leave out this line",
            )
        if path.resolve() in self._seen:
            return None
        if not path.is_file():
            raise place.fault(
                f"there is no file {text.text!r}.",
                known=f"It is sought beside {Path(name).name!r}. {_files_like(path, beside=name)}",
                hint="a path from the folder of this file",
            )
        return self.file(path, str(Path(name).parent / text.text), place)


def check_keys(node: MapNode, known: tuple[str, ...], what: str) -> None:
    """Refuse a key that `what` does not have."""
    for key, place in node.keys.items():
        if key not in known:
            raise place.fault(
                f"{what} has no {key!r}.",
                known=alternatives(key, known, "name"),
                hint=_nearest_key(key, known),
            )


def as_map(node: Node, what: str) -> MapNode:
    """The node, which must be a block of names and values."""
    if not isinstance(node, MapNode):
        raise node.place.fault(
            f"{what} must be a block.",
            known=f"Here is {said(node)}.",
            hint="lines such as 'name: value' below it",
        )
    return node


def as_text(node: Node, what: str) -> TextNode:
    """The node, which must be a text."""
    if not isinstance(node, TextNode) or not node.text.strip():
        raise node.place.fault(
            f"{what} must be a text.", known=f"Here is {said(node)}.", hint="a name"
        )
    return node


def said(node: Node) -> str:
    """The node in words of a message."""
    if isinstance(node, MapNode):
        return "a block of names and values"
    if isinstance(node, ListNode):
        return f"a list of {len(node.items):,}"
    if node.is_plain and node.value is None:
        return "nothing"
    text = node.text if len(node.text) <= 60 else f"{node.text[:59]}…"
    return repr(text) if isinstance(node.value, str) else text


def _draft(root: _File, given: Mapping[str, Any] | None) -> Draft:
    """All files as one: the outer file's parameters win, and the given ones over all."""
    parameters: dict[str, Node] = {}
    _gather(root, lambda file: parameters.update(file.parameters))
    parameters |= given_parameters(given or {}, parameters)
    checks: list[MapNode] = []
    files: list[str] = []

    def add(file: _File) -> None:
        files.insert(0, file.name)
        for node in file.checks:
            whole = filled(node, parameters)
            assert isinstance(whole, MapNode)
            checks.append(whole)

    _gather(root, add)
    header = {
        key: as_text(filled(node, parameters), f"'{key}'") for key, node in root.header.items()
    }
    return Draft(Place(root.name, 1, 1), header, tuple(checks), parameters, tuple(files))


def _gather(file: _File, add: Callable[[_File], None]) -> None:
    """Call `add` with each file, an included one before the one that includes it."""
    for item in file.includes:
        _gather(item, add)
    add(file)


def _header(root: MapNode) -> dict[str, TextNode]:
    return {key: as_text(root.items[key], f"'{key}'") for key in HEADER if key in root.items}


def _listed(root: MapNode, key: str) -> tuple[Node, ...]:
    node = root.items.get(key)
    if node is None or (isinstance(node, TextNode) and node.is_plain and node.value is None):
        return ()
    if not isinstance(node, ListNode):
        raise node.place.fault(
            f"'{key}' must be a list.",
            known=f"Here is {said(node)}.",
            hint="lines that begin with '- '",
        )
    return node.items


def _files_like(path: Path, *, beside: str) -> str:
    names = [item.name for item in path.parent.glob("*.y*ml") if item.name != Path(beside).name]
    return alternatives(path.name, sorted(names), "file")


def _nearest_key(key: str, known: tuple[str, ...]) -> str:
    import difflib

    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"{near[0]}: …" if near else f"leave out {key!r}"
