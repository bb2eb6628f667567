"""Names of answers in an export, the same here and in the pages (ui/src/api/exported.ts)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mispredict.server.wire import dumps

Params = Mapping[str, str | int | Sequence[str] | None]

# What would end the element that holds the data, or the line of a script that is read as text.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028",
            "\u2029": "\\u2029"}  # fmt: skip


def key_of(path: str, params: Params | None = None) -> str:
    """Name of the answer to a path with its parameters, whatever order these are given in.

    Parameters without a value are left out, as the pages leave them out of an address; several
    values of one keep their order.

    Example:
        >>> key_of("slices", {"where": None, "top": 15})
        '["slices",[["top","15"]]]'
    """
    pairs = [pair for name, value in (params or {}).items() for pair in _pairs(name, value)]
    pairs.sort(key=lambda pair: pair[0])
    return json.dumps([path, pairs], ensure_ascii=False, separators=(",", ":"))


def embedded(value: Any) -> str:
    """The value as JSON that can stand inside an element of a page."""
    text = dumps(value).decode("utf-8")
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def _pairs(name: str, value: str | int | Sequence[str] | None) -> list[tuple[str, str]]:
    items = [value] if isinstance(value, str | int) or value is None else list(value)
    return [(name, str(item)) for item in items if item is not None and item != ""]
