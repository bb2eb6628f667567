"""The OpenAPI document of the HTTP API.

Routes name the dataclasses that they answer with; their schemas are read from their hints.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mispredict.server.routes.describing import answers
from mispredict.server.schema import components
from mispredict.server.wire import JSON

if TYPE_CHECKING:
    from fastapi import FastAPI

EXAMPLES = Path(__file__).parent / "examples.json"  # docs/http_examples.py writes it
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
    for operation in _operations(made):
        _show(operation)
    return made


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in made["paths"].values():
        yield from path.values()


def _show(operation: dict[str, Any]) -> None:
    """Put the operation's example into its body and answer."""
    example = _examples().get(operation["operationId"])
    if example is None:
        return
    content = operation["responses"].get(str(example["status"]), {}).get("content", {})
    if JSON in content:
        content[JSON]["example"] = example["answer"]
    if example["body"] is not None and "requestBody" in operation:
        operation["requestBody"]["content"][JSON]["example"] = example["body"]


@cache
def _examples() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found
