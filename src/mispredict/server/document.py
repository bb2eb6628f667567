"""The OpenAPI document of the HTTP API.

Routes name the dataclasses that they answer with; their schemas are read from their hints.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mispredict.server.routes.describing import answers
from mispredict.server.schema import components

if TYPE_CHECKING:
    from fastapi import FastAPI

_ABOUT = """\
What `mispredict serve` answers. Every answer of a result is the `to_dict()` of the same result \
in Python; every error has `code`, `message` and `hint`."""


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application, the same on every machine."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def text(app: FastAPI) -> str:
    """The document as it is committed: sorted, indented."""
    return json.dumps(document(app), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _made(app: FastAPI) -> dict[str, Any]:
    from fastapi.openapi.utils import get_openapi

    made = get_openapi(
        title="mispredict",
        version="v1",
        description=_ABOUT,
        routes=app.routes,
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= components(answers())
    return made
