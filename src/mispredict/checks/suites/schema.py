"""The JSON schema of suite files, for completion and checking in editors.

Made from the kinds of checks that are registered, so that users' own kinds are in it too.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from mispredict.checks.catalog import KINDS, Check, Kind
from mispredict.checks.suites.options import Option, options_of
from mispredict.checks.suites.reading import COMMON

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PARAMETER: Mapping[str, Any] = {"type": "string", "pattern": r"^\$\{[^{}]+\}$"}
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
_RANGE = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusive_minimum": "exclusiveMinimum",
    "exclusive_maximum": "exclusiveMaximum",
}


def suite_schema() -> dict[str, Any]:
    """The schema of a suite file as JSON values."""
    return {
        "$schema": DRAFT,
        "title": "A suite of checks of mispredict",
        "description": "Checks that a model version must pass.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "suite": _text("The suite's name, under which its runs are kept."),
            "dataset": _text("The dataset to run on, with or without a version."),
            "model": _text("The model to test, with or without a version."),
            "baseline": _text("The model to compare with, such as gbm@1."),
            "reference": _text("The data to compare with, such as churn@1."),
            "include": {
                "description": "Other files whose checks and parameters belong to the suite.",
                "type": ["array", "null"],
                "items": {"type": "string"},
            },
            "parameters": {
                "description": "Values that checks use as ${name}; --set name=value gives others.",
                "type": "object",
                "additionalProperties": {"type": [*_SCALARS, "null", "array"]},
            },
            "checks": {"type": ["array", "null"], "items": {"$ref": "#/$defs/check"}},
        },
        "$defs": {
            "check": {
                "type": "object",
                "required": ["name", "kind"],
                "properties": {
                    "name": {"description": "What the check is called.", "type": _SCALARS},
                    "kind": {
                        "description": "The kind of check.",
                        "oneOf": [_kind_choice(KINDS[name]) for name in KINDS],
                    },
                },
                "allOf": [_kind_rule(KINDS[name]) for name in KINDS],
            },
            **{f"kind-{name}": _kind(KINDS[name]) for name in KINDS},
        },
    }


_SCALARS = ["string", "number", "boolean"]


def _kind_choice(kind: type[Kind]) -> dict[str, Any]:
    return {"const": kind.name, "description": kind.summary}


def _kind_rule(kind: type[Kind]) -> dict[str, Any]:
    """A check of this kind has its options and no others."""
    return {
        "if": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]},
        "then": {"$ref": f"#/$defs/kind-{kind.name}"},
    }


def _kind(kind: type[Kind]) -> dict[str, Any]:
    common = options_of(Check)
    options = {**options_of(kind), **{name: common[name] for name in COMMON}}
    return {
        "description": kind.summary,
        "properties": {
            "name": True,
            "kind": True,
            **{name: _option(option) for name, option in options.items()},
        },
        "required": [name for name, option in options.items() if option.is_required],
        "additionalProperties": False,
    }


def _option(option: Option) -> dict[str, Any]:
    """The schema of an option: its own values, or a parameter that stands for one."""
    own = _type(option.type, option.metadata)
    takes_text = any(part.get("type") in ("string", _SCALARS) for part in own.get("anyOf", [own]))
    parts = own.pop("anyOf", [own] if own else [])
    if not takes_text:
        parts = [*parts, dict(_PARAMETER)]
    schema: dict[str, Any] = dict(parts[0]) if len(parts) == 1 else {"anyOf": parts}
    if option.about:
        schema["description"] = option.about
    if not option.is_required and option.default is not None:
        schema["default"] = _json(option.default)
    return schema


def _type(wanted: Any, metadata: Mapping[str, Any]) -> dict[str, Any]:
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        parts = [_type(part, metadata) for part in args]
        flat = [item for part in parts for item in part.get("anyOf", [part])]
        return {"anyOf": list({str(part): part for part in flat}.values())}
    if origin is Literal:
        return {"enum": list(args)}
    if origin is tuple and args[-1] is Ellipsis:
        item = _type(args[0], metadata)
        return {"anyOf": [{"type": "array", "items": item}, *item.get("anyOf", [item])]}
    if origin is tuple:
        parts = [_type(part, metadata) for part in args]
        return {"type": "array", "prefixItems": parts, "items": False, "minItems": len(args)}
    if origin is not None:
        return {"type": "object", "additionalProperties": _type(args[-1], metadata)}
    return _plain(wanted, metadata)


def _plain(wanted: Any, metadata: Mapping[str, Any]) -> dict[str, Any]:
    if wanted is str:
        return {"type": _SCALARS}  # a text without quotes may read as a number
    if wanted not in _PLAIN:
        return {}
    schema: dict[str, Any] = {"type": _PLAIN[wanted]}
    if wanted in (int, float):
        schema |= {_RANGE[name]: metadata[name] for name in _RANGE if name in metadata}
    return schema


def _text(about: str) -> dict[str, Any]:
    return {"description": about, "type": _SCALARS}


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    return [_json(item) for item in value] if isinstance(value, (tuple, list)) else value
