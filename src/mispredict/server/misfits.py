"""What of a request does not fit, in our words: its place, and what was found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mispredict.core.options import shown

_KINDS = ("bool", "constrained-int", "int", "float", "str", "none")  # members of a union
_SOURCES = ("body", "query", "path", "header", "cookie")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Misfit:
    """The part of a request that cannot be used, what is known of it, and what to send."""

    name: str
    known: str
    hint: str = ""

    @property
    def field(self) -> str:
        """The parameter, or the field of the body, that it is in."""
        return self.name.partition(".")[0]


def misfit(errors: Sequence[Any], *, is_whole: bool = True) -> Misfit:
    """The first of the errors that the check of a request found.

    Args:
        errors: as pydantic lists them.
        is_whole: whether their places begin with the part of the request.
    """
    first = errors[0]
    if first["type"] == "json_invalid":
        at = first["loc"][-1]
        where = f" at character {at}" if isinstance(at, int) else ""
        return Misfit("the body", f"It is no JSON{where}.", 'a body such as {"name": "value"}')
    place = list(first["loc"])
    if is_whole and place and place[0] in _SOURCES:
        place = place[1:]
    if not place and is_whole:
        return Misfit(
            "the body",
            "It is no JSON object.",
            'the header Content-Type: application/json, and a body such as {"name": "value"}',
        )
    is_union = any(isinstance(part, str) and "[" in part for part in place)
    path = [str(part) for part in place if not (isinstance(part, str) and "[" in part)]
    if is_union and path and path[-1] in _KINDS:
        path = path[:-1]
    path = [part for part in path if not part.startswith("constrained-")]
    name = ".".join(path)[:_LONGEST]
    if is_union:
        known = f"It is {shown(first['input'])}, not a finite number, text, true, false or null."
        return Misfit(name, known)
    return Misfit(name, f"{str(first['msg']).removeprefix('Value error, ')[:300]}.")
