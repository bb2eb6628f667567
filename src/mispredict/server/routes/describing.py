"""What the OpenAPI document says of a route: its answer, and the errors it can have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mispredict.server.schema import reference
from mispredict.server.shapes import Failure

_ERRORS = {
    400: "Something that was given cannot be used.",
    401: "Not signed in.",
    403: "Not allowed: another origin or host, or a token that does not fit.",
    404: "There is no such thing.",
    409: "Someone else wrote first, it was cancelled, or a library is missing here.",
    413: "Too large.",
    422: "A parameter or the body has the wrong shape.",
    429: "Too many wrong tokens.",
    500: "A fault of the server, with an id under which its log says more.",
    503: "The server is busy; Retry-After says when to ask again.",
    504: "The answer was not ready in time.",
}


_ANSWERS: dict[type, None] = {Failure: None}


def told(
    operation: str,
    *answers: type,
    summary: str,
    status: int = 200,
    also: dict[int, Sequence[type]] | None = None,
) -> dict[str, Any]:
    """Arguments of a route whose answers are results that are sent as they are.

    Args:
        operation: id of the operation, which client code is named by.
        answers: dataclasses, one of which is the answer.
        summary: what is answered.
        status: of the answer.
        also: further answers by status.
    """
    found = {status: answers, **(also or {})}
    _ANSWERS.update(dict.fromkeys(kind for kinds in found.values() for kind in kinds))
    responses: dict[int | str, dict[str, Any]] = {
        code: {"description": _said(code, kinds), "content": _json(kinds)}
        for code, kinds in found.items()
    }
    responses |= {
        code: {"description": text, "content": _json([Failure])}
        for code, text in _ERRORS.items()
        if code not in responses
    }
    return {
        "operation_id": operation,
        "summary": summary,
        "responses": responses,
        "response_model": None,
        "status_code": status,
    }


def answers() -> tuple[type, ...]:
    """Dataclasses that routes answer with."""
    return tuple(_ANSWERS)


def _json(kinds: Sequence[type]) -> dict[str, Any]:
    return {"application/json": {"schema": reference(*kinds)}} if kinds else {}


def _said(code: int, kinds: Sequence[type]) -> str:
    first = ((kinds[0].__doc__ or "") if kinds else "").strip().splitlines()
    if first:
        return first[0]
    return "The page that is to be asked now." if code == 303 else "Done."
