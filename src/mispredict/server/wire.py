"""Answers on the wire: JSON bytes, their tag by content, and their compression."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from pydantic_core import PydanticSerializationError, to_json

from mispredict.core.ids import hash_json
from mispredict.core.results import plain

JSON = "application/json"
FEWEST_BYTES = 1_000  # that are worth compressing
_LEVEL = 1  # the work of a click; higher levels save a tenth of the bytes
_PRIVATE = "private, no-cache"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A body ready to be sent, compressed where that pays."""

    body: bytes
    media_type: str = JSON
    packed: bytes | None = None

    @property
    def nbytes(self) -> int:
        return len(self.body) + len(self.packed or b"")


def encoded(value: Any, media_type: str = JSON) -> Encoded:
    """A result, or bytes as they are, ready to be sent."""
    body = value if isinstance(value, bytes) else dumps(value)
    packed = gzip.compress(body, _LEVEL, mtime=0) if len(body) >= FEWEST_BYTES else None
    return Encoded(body, media_type, packed)


def dumps(value: Any) -> bytes:
    """The JSON of a result; numbers that JSON lacks are null."""
    known = value.to_dict() if hasattr(value, "to_dict") else plain(value)
    try:
        return to_json(known, inf_nan_mode="null")  # six times as fast as `json`
    except PydanticSerializationError:  # half of a character, which is sent as "?"
        text = json.dumps(known, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def tag_of(*parts: Any) -> str:
    """ETag of an answer from all that it depends on."""
    return f'"{hash_json(parts)[:32]}"'


def is_known(request: Request, tag: str, *, is_there: bool = True) -> bool:
    """Whether the asker has the answer already; "*" is any answer that there is."""
    given = request.headers.get("if-none-match", "")
    known = {item.strip().removeprefix("W/") for item in given.split(",")}
    return tag in known or (is_there and "*" in known)


def unchanged(tag: str) -> Response:
    """The answer to who has it already."""
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": _PRIVATE})


def respond(request: Request, found: Encoded, *, tag: str = "", status: int = 200) -> Response:
    """The answer, compressed if the asker takes that."""
    headers = {"Cache-Control": _PRIVATE if tag else "no-store", "Vary": "Accept-Encoding"}
    if tag:
        headers["ETag"] = tag
    body = found.body
    if found.packed is not None and takes_gzip(request):
        body, headers["Content-Encoding"] = found.packed, "gzip"
    return Response(body, status, headers, media_type=found.media_type)


def takes_gzip(request: Request) -> bool:
    """Whether the asker can unpack gzip."""
    for item in request.headers.get("accept-encoding", "").split(","):
        name, _, weight = item.strip().partition(";")
        if name.strip().lower() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def json_response(
    value: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A small answer that is not to be kept."""
    given = {"Cache-Control": "no-store", **(headers or {})}
    return Response(dumps(value), status, given, media_type=JSON)
