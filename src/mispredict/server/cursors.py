"""Cursors: where the next page of rows begins, and of which rows in which order it is."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from mispredict.core.errors import BadOption
from mispredict.core.ids import hash_json

_LONGEST = 200


def cursor_of(offset: int, *of: Any) -> str:
    """The cursor of the page that begins at the offset, among rows said by `of`."""
    text = json.dumps([offset, _check(offset, of)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def offset_of(cursor: str, *of: Any) -> int:
    """The offset that a cursor says.

    Raises:
        BadOption: it is none of ours, or of other rows or another order.
    """
    try:
        padded = cursor[:_LONGEST] + "=" * (-len(cursor[:_LONGEST]) % 4)
        offset, check = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        is_ours = type(offset) is int and offset >= 0 and check == _check(offset, of)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        is_ours = False
    if not is_ours:
        raise BadOption(
            "the cursor cannot be used.",
            known="It is not what `next` said for these rows, in this order and these columns.",
            hint="the first page again, without a cursor",
        )
    return int(offset)


def _check(offset: int, of: tuple[Any, ...]) -> str:
    return hash_json([offset, of])[:24]
