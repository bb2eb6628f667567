"""Parameters of suites: `${floor}` stands for a value that is given once, or on the command line.

An option that is `${floor}` and nothing else takes the value with its type; inside a text
(`Age > ${age}`) it is written in. `$${` is a `${` that stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mispredict.checks.suites.yaml import ListNode, MapNode, Node, Place, TextNode, read_yaml, walk
from mispredict.core.errors import BadOption, UnknownName, alternatives
from mispredict.core.options import shown

_USE = re.compile(r"\$(\$\{|\{([^{}]*)\})")


def filled(node: Node, parameters: Mapping[str, Node]) -> Node:
    """The node with the values of parameters in their places.

    Raises:
        BadSuite: it uses a parameter that there is not.
    """
    if isinstance(node, TextNode):
        return _filled(node, parameters) if "${" in node.text else node
    if isinstance(node, ListNode):
        return replace(node, items=tuple(filled(item, parameters) for item in node.items))
    return replace(node, items={key: filled(item, parameters) for key, item in node.items.items()})


def check_parameters(node: MapNode) -> Mapping[str, Node]:
    """The parameters that a file gives: values, or lists of them.

    Raises:
        BadSuite: one of them is a block, uses another, or cannot be used by its name.
    """
    for name, item in node.items.items():
        if not re.fullmatch(r"[^\W\d][\w.-]*", name):
            raise node.keys[name].fault(
                f"{name!r} cannot be the name of a parameter.",
                known="Names have letters, digits, '_', '-' and '.'.",
                hint="floor: 0.8",
            )
        if isinstance(item, MapNode):
            raise item.place.fault(
                f"the parameter {name!r} is a block.",
                known="A parameter is a number, a text or a list.",
                hint=f"{name}: 0.8",
            )
        for part in walk(item):
            if "${" in part.text:
                raise part.place.fault(
                    f"the parameter {name!r} uses another.",
                    known="Parameters are used by checks.",
                    hint="its value, written out",
                )
    return node.items


def given_parameters(values: Mapping[str, Any], known: Mapping[str, Node]) -> dict[str, Node]:
    """Parameters of Python as nodes.

    Raises:
        UnknownName: the suite has no such parameter.
        BadOption: a value is neither number, text, truth value nor a list of these.
    """
    for name in values:
        if name not in known:
            raise UnknownName.of("parameter", str(name), known)
    return {name: _node(name, value) for name, value in values.items()}


def parse_settings(settings: Sequence[str]) -> dict[str, Any]:
    """Parameters from texts such as "floor=0.9", each value read as YAML reads it.

    Example:
        >>> parse_settings(["floor=0.9", "city=Rome", "groups=[a, b]"])
        {'floor': 0.9, 'city': 'Rome', 'groups': ['a', 'b']}
    """
    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise BadOption(
                f"set={setting!r} is not NAME=VALUE.",
                known="It gives a parameter of the suite another value.",
                hint="--set floor=0.9",
            )
        found[name.strip()] = _plain(read_yaml(text, f"--set {name.strip()}"))
    return found


def _filled(node: TextNode, parameters: Mapping[str, Node]) -> Node:
    alone = _USE.fullmatch(node.text)
    if alone and alone[2] is not None:
        found = _find(alone, node, parameters)
        if isinstance(found, TextNode):
            return TextNode(node.place, found.text, found.is_plain)
        return replace(found, place=node.place)

    def written(match: re.Match[str]) -> str:
        if match[2] is None:
            return "${"
        value = _find(match, node, parameters)
        if not isinstance(value, TextNode):
            raise node.at(match.start()).fault(
                f"the parameter {match[2].strip()!r} is a list and stands in a text.",
                known="A list is a value of its own.",
                hint=f"an option that is ${{{match[2].strip()}}} alone",
            )
        return value.text

    return TextNode(node.place, _USE.sub(written, node.text), node.is_plain)


def _find(match: re.Match[str], node: TextNode, parameters: Mapping[str, Node]) -> Node:
    name = match[2].strip()
    if name not in parameters:
        raise node.at(match.start()).fault(
            f"no parameter {name!r}.",
            known=alternatives(name, parameters, "parameter"),
            hint=f"parameters: {{{name or 'floor'}: …}} at the top of the file",
        )
    return parameters[name]


def _node(name: str, value: Any) -> Node:
    place = Place(f"parameter {name}", 1, 1)
    if isinstance(value, (list, tuple)):
        return ListNode(place, tuple(_node(name, item) for item in value))
    if value is None or isinstance(value, bool):
        return TextNode(place, {None: "null", True: "true", False: "false"}[value], True)
    if isinstance(value, (int, float)):
        return TextNode(place, repr(value), True)
    if isinstance(value, str):
        return TextNode(place, value, False)
    raise BadOption(
        f"parameters[{name!r}]={shown(value)} cannot be used.",
        known="A parameter is a number, a text, a truth value or a list of these.",
        hint="parameters={'floor': 0.9}",
    )


def _plain(node: Node | None) -> Any:
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    if isinstance(node, MapNode):
        raise node.place.fault(
            "a block cannot be a parameter.", known="It has a ':' in it.", hint="--set floor=0.9"
        )
    return None if node is None else node.value
