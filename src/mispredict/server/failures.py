"""Errors as answers: a status and our three fields, and nothing of an unexpected fault."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from mispredict.core.errors import (
    Cancelled,
    Conflict,
    EmptyCohort,
    InputError,
    MispredictError,
    MissingExtra,
    ModelError,
    NotWritable,
    StoreError,
)
from mispredict.server.misfits import misfit
from mispredict.server.shapes import Failure
from mispredict.server.wire import json_response
from mispredict.server.wording import in_page_words

log = logging.getLogger("mispredict.server")

_STATUS: tuple[tuple[type[MispredictError], int], ...] = (
    (Conflict, 409),
    (Cancelled, 409),
    (InputError, 400),
    (EmptyCohort, 400),
    (ModelError, 400),
    (NotWritable, 403),
    (MissingExtra, 409),
    (StoreError, 500),
)


class Refused(MispredictError):
    """A request that is not answered, with the status that says why."""

    def __init__(
        self,
        status: int,
        code: str,
        problem: str,
        *,
        known: str = "",
        hint: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(problem, known=known, hint=hint)
        self.status = status
        self.headers = dict(headers or {})
        self._code = code

    @property
    def code(self) -> str:
        return self._code


class NotFound(Refused):
    """A thing in the path of a request that there is not."""

    def __init__(self, error: MispredictError) -> None:
        super().__init__(404, error.code, error.problem, known=error.known, hint=error.hint)


class JobFailed(Refused):
    """What a job failed with, for who asks for its result."""

    def __init__(self, error: Failure) -> None:
        kinds = {kind.__name__: kind for kind in _below(MispredictError)}
        super().__init__(
            _status_of_kind(kinds.get(error.code)), error.code, error.message, hint=error.hint
        )


def install(app: FastAPI) -> None:
    """Answer every error of the app in our three fields."""
    app.add_exception_handler(MispredictError, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def problem_of(error: BaseException) -> dict[str, Any]:
    """The fields of an error; of an unexpected one only an id, under which it is logged."""
    if isinstance(error, MispredictError):
        said = error.to_dict()
        return {**said, "hint": in_page_words(said["hint"]), "position": _position(error)}
    id_ = uuid4().hex[:12]
    log.error("fault %s", id_, exc_info=error)
    return {
        "code": "Fault",
        "message": f"something went wrong here; the fault has the id {id_}.",
        "hint": "the server's log says more under this id",
        "position": None,
    }


def _position(error: MispredictError) -> int | None:
    """Place in a cohort's text, from 0, where the error says one."""
    return error.position if isinstance(error, InputError) else None


def status_of(error: MispredictError) -> int:
    """The status that an error is answered with."""
    return error.status if isinstance(error, Refused) else _status_of_kind(type(error))


def refusal(error: Exception) -> Response:
    """The answer to an error."""
    status, headers = 500, {}
    if isinstance(error, MispredictError):
        status = status_of(error)
        headers = error.headers if isinstance(error, Refused) else {}
    return json_response(problem_of(error), status, headers)


async def _expected(request: Request, error: Exception) -> Response:
    return refusal(error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = misfit(error.errors())
    return refusal(
        Refused(
            422,
            "InvalidRequest",
            f"{found.name} cannot be used.",
            known=found.known,
            hint=found.hint or f"see {found.field} of this address in /openapi.json",
        ),
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, Refused):  # while the body was read
        return refusal(error.__cause__)
    if error.status_code == 400 and "parsing the body" in str(error.detail):
        return refusal(_unreadable())
    known = {404: _missing(request), 405: _method(request)}
    refused = known.get(error.status_code) or Refused(
        error.status_code, "Refused", f"{error.detail}."
    )
    refused.headers |= dict(error.headers or {})
    return refusal(refused)


def _unreadable() -> Refused:
    return Refused(
        422,
        "InvalidRequest",
        "the body cannot be used.",
        known="It is no JSON, or one thing lies too deep in another.",
        hint='a body such as {"name": "value"}',
    )


def _missing(request: Request) -> Refused:
    return Refused(
        404,
        "UnknownAddress",
        f"there is nothing at {request.url.path[:200]!r}.",
        known="Addresses of the API begin with /api/v1.",
        hint="GET /openapi.json lists them",
    )


def _method(request: Request) -> Refused:
    return Refused(
        405,
        "WrongMethod",
        f"{request.method} cannot be asked of {request.url.path[:200]!r}.",
        known="The address is known, and answers other methods.",
        hint="GET /openapi.json lists them",
    )


def _status_of_kind(kind: type[MispredictError] | None) -> int:
    if kind is None or issubclass(kind, Refused):
        return 500
    return next((status for base, status in _STATUS if issubclass(kind, base)), 400)


def _below(kind: type[MispredictError]) -> Iterator[type[MispredictError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)
