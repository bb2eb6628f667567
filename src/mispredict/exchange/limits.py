"""Names and values in the form that MLflow accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

# Of mlflow.utils.validation and of servers before MLflow 3.
LONGEST_KEY = 250
LONGEST_PARAMETER = 500
LONGEST_TAG = 5000
_REFUSED = re.compile(r"[^\w.\- ]")
_OF_CLASS = re.compile(r"(?P<metric>[^\[\]]+)\[(?P<of>.*)\]", re.DOTALL)


def metric_key(name: str) -> str:
    """The metric's name as MLflow allows it; those of a class become a group of charts.

    Example:
        >>> metric_key("recall[Exited]")
        'recall/Exited'
    """
    found = _OF_CLASS.fullmatch(name)
    parts = (found["metric"], found["of"]) if found else (name,)
    return "/".join(_segment(part) for part in parts)


def unique(keys: Iterable[str]) -> Iterator[str]:
    """The keys in their order, with a number behind those that were there before."""
    seen: set[str] = set()
    for key in keys:
        numbered = (key if n == 1 else f"{key}_{n}" for n in count(1))
        free = next(item for item in numbered if item not in seen)
        seen.add(free)
        yield free


def flat(value: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """Nested values by dotted names, as texts; what is None or empty is left out.

    Example:
        >>> flat({"kind": "sklearn", "parameters": {"C": 1.0}})
        {'kind': 'sklearn', 'parameters.C': '1.0'}
    """
    found: dict[str, str] = {}
    for key, item in value.items():
        name = f"{path}{_segment(str(key))}"
        if isinstance(item, Mapping):
            found |= flat(item, f"{name}.")
        elif item is not None and item not in ("", []):
            found[name[:LONGEST_KEY]] = cut(str(item), LONGEST_PARAMETER)
    return found


def cut(text: str, longest: int) -> str:
    """The text, ended by an ellipsis where it is too long."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _segment(text: str) -> str:
    clean = _REFUSED.sub("_", text).strip()[: LONGEST_KEY // 3].rstrip()
    rest = clean.lstrip(".")
    return "_" * max(len(clean) - len(rest), not clean) + rest
