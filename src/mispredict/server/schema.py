"""JSON schemas of results, read from the hints of their dataclasses.

A number may be null, since JSON has no NaN, and every field of an answer is there: so says the
schema, which is what `core.results.plain` writes.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

Schema = dict[str, Any]

PREFIX = "#/components/schemas/"
_LEAVES: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": ["number", "null"]},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    bytes: {"type": "string", "contentEncoding": "base64"},
}
# Fields that a result keeps to itself: arrays with a value for every row.
_UNTOLD: Mapping[str, frozenset[str]] = {
    "Clusters": frozenset({"assignment"}),
    "Duplicates": frozenset({"group_of"}),
}


def reference(*kinds: type) -> Schema:
    """The schema that refers to the dataclass, or to any of several."""
    found = [{"$ref": PREFIX + kind.__name__} for kind in kinds]
    return found[0] if len(found) == 1 else {"anyOf": found}


def components(kinds: Sequence[type]) -> dict[str, Schema]:
    """Schemas of the dataclasses and of all that is inside them, by name.

    Raises:
        TypeError: two dataclasses have the same name, or a field cannot be written as JSON.
    """
    found: dict[str, Schema] = {}
    owners: dict[str, type] = {}
    ahead = list(kinds)
    while ahead:
        kind = ahead.pop()
        if owners.setdefault(kind.__name__, kind) is not kind:
            raise TypeError(f"{kind!r} and {owners[kind.__name__]!r} have the same name")
        if kind.__name__ not in found:
            found[kind.__name__] = _object(kind)
            ahead += inner(kind)
    return dict(sorted(found.items()))


def inner(kind: type) -> list[type]:
    """Dataclasses that the fields of a dataclass are made of."""
    leaves = (leaf for hint in hints(kind).values() for leaf in _leaves(hint))
    return [leaf for leaf in leaves if isinstance(leaf, type) and is_dataclass(leaf)]


@cache
def hints(kind: type) -> Mapping[str, Any]:
    """The fields that the JSON of a dataclass has, with their types."""
    names = [field.name for field in fields(kind)]
    scope = {**vars(typing), "pa": types.SimpleNamespace(Table=object)}
    known = typing.get_type_hints(kind, localns=scope)
    untold = _UNTOLD.get(kind.__name__, frozenset())
    packed = dict.fromkeys(getattr(kind, "arrays", ()), bytes)
    return {name: packed.get(name, known[name]) for name in names if name not in untold}


def _object(kind: type) -> Schema:
    known = hints(kind)
    return {
        "type": "object",
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "properties": {name: _schema(hint) for name, hint in known.items()},
        "required": list(known),
        "additionalProperties": False,
    }


def _schema(hint: Any) -> Schema:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _any_of(parts)
    if origin is typing.Literal:
        return {"type": "string", "enum": list(parts)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(parts[1])}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return _list(origin, parts)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [item.value for item in hint]}
    if isinstance(hint, type) and is_dataclass(hint):
        return reference(hint)
    if hint in (Any, object):
        return {}
    if hint not in _LEAVES:
        raise TypeError(f"{hint!r} has no JSON schema")
    return dict(_LEAVES[hint])


def _any_of(parts: Sequence[Any]) -> Schema:
    """One of several types, as one list of types where all of them are plain."""
    schemas = [_schema(part) for part in parts]
    if all(set(schema) == {"type"} for schema in schemas):
        names: dict[str, None] = {}
        for schema in schemas:
            given = schema["type"]
            names |= dict.fromkeys([given] if isinstance(given, str) else given)
        return {"type": [*(name for name in names if name != "null"), *_null(names)]}
    unique = {repr(schema): schema for schema in schemas}
    return {"anyOf": list(unique.values())}


def _null(names: Mapping[str, None]) -> list[str]:
    return ["null"] if "null" in names else []


def _list(origin: type, parts: Sequence[Any]) -> Schema:
    if issubclass(origin, tuple) and parts[-1] is not Ellipsis:
        items = [_schema(part) for part in parts]
        return {"type": "array", "prefixItems": items, "minItems": len(items),
                "maxItems": len(items)}  # fmt: skip
    return {"type": "array", "items": _schema(parts[0])}


def _leaves(hint: Any) -> list[Any]:
    parts = typing.get_args(hint)
    return [leaf for part in parts for leaf in _leaves(part)] if parts else [hint]
