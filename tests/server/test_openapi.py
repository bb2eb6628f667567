"""The OpenAPI document: as committed, complete, with examples that are true to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import jsonschema
import pytest

import mispredict as mp
from mispredict.server import create_app
from mispredict.server.document import text
from mispredict.server.schema import components

ROOT = Path(__file__).parents[2]
NO_EXAMPLE = {"job_events", "job_result", "generated_file"}  # a stream, any result, a file


@pytest.fixture(scope="module")
def document(filled: Path) -> Any:
    with mp.open(filled) as workspace:
        return json.loads(text(create_app(workspace)))


def operations(document: Any) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def test_the_document_is_committed_for_the_pages(document: Any) -> None:
    committed = json.loads((ROOT / "ui" / "openapi.json").read_text(encoding="utf-8"))
    assert committed == document, "python -m mispredict.server.openapi > ui/openapi.json"


def test_the_document_is_printed_the_same_every_time() -> None:
    command = [sys.executable, "-m", "mispredict.server.openapi"]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, timeout=120)
    assert done.stdout == (ROOT / "ui" / "openapi.json").read_bytes()


def test_operations_are_named_once_and_have_a_tag_and_a_summary(document: Any) -> None:
    names = [operation["operationId"] for operation in operations(document)]
    assert len(names) == len(set(names))
    for operation in operations(document):
        assert operation["tags"]
        assert operation["summary"]
        assert {"400", "401", "403", "404", "422", "503", "504"} <= set(operation["responses"])


def test_every_parameter_says_what_it_is(document: Any) -> None:
    for operation in operations(document):
        for item in operation.get("parameters", []):
            assert item.get("description"), (operation["operationId"], item["name"])
        for content in operation.get("requestBody", {}).get("content", {}).values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            body = document["components"]["schemas"].get(name, content["schema"])
            for field, schema in body["properties"].items():
                assert schema.get("description"), (operation["operationId"], field)


def test_errors_are_our_three_fields_everywhere(document: Any) -> None:
    for operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Failure"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_operation_has_an_example_that_is_true_to_it(document: Any) -> None:
    for operation in operations(document):
        found = [
            (content["schema"], content["example"])
            for status, response in operation["responses"].items()
            for content in response.get("content", {}).values()
            if int(status) < 400 and "example" in content
        ]
        assert found or operation["operationId"] in NO_EXAMPLE, operation["operationId"]
        for schema, example in found:
            validate(document, schema, example)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in content:
                validate(document, content["schema"], content["example"])
        if "requestBody" in operation:
            assert "example" in operation["requestBody"]["content"]["application/json"]


def test_examples_speak_of_nobodys_machine(document: Any) -> None:
    assert "/tmp" not in json.dumps(document)
    assert "/home" not in json.dumps(document)


def test_every_schema_is_valid_and_used(document: Any) -> None:
    used = json.dumps(document)
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert f'"#/components/schemas/{name}"' in used, name


def validate(document: Any, schema: Any, value: Any) -> None:
    whole = {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


# ── from dataclasses to schemas ──────────────────────────────────────────────────────────


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    """A leaf."""

    size: float


@dataclass(frozen=True)
class Branch:
    """A branch with leaves."""

    name: str
    n: int | None
    share: float | None
    when: datetime
    colour: Colour
    side: Literal["left", "right"]
    leaves: tuple[Leaf, ...]
    first: Leaf | None
    pair: tuple[int, str]
    counts: dict[str, int]
    value: str | int | float | bool
    anything: Any


def test_the_schema_of_a_dataclass_says_each_field() -> None:
    found = components([Branch])
    assert set(found) == {"Branch", "Leaf"}
    assert found["Leaf"] == {
        "type": "object", "description": "A leaf.", "required": ["size"],
        "properties": {"size": {"type": ["number", "null"]}}, "additionalProperties": False,
    }  # fmt: skip
    fields = found["Branch"]["properties"]
    leaf = {"$ref": "#/components/schemas/Leaf"}
    assert fields == {
        "name": {"type": "string"},
        "n": {"type": ["integer", "null"]},
        "share": {"type": ["number", "null"]},
        "when": {"type": "string", "format": "date-time"},
        "colour": {"type": "string", "enum": ["red", "blue"]},
        "side": {"type": "string", "enum": ["left", "right"]},
        "leaves": {"type": "array", "items": leaf},
        "first": {"anyOf": [leaf, {"type": "null"}]},
        "pair": {
            "type": "array", "minItems": 2, "maxItems": 2,
            "prefixItems": [{"type": "integer"}, {"type": "string"}],
        },
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "value": {"type": ["string", "integer", "number", "boolean", "null"]},
        "anything": {},
    }  # fmt: skip


def test_two_dataclasses_of_one_name_are_refused() -> None:
    other = type("Leaf", (), {"__annotations__": {"n": int}, "__module__": __name__})
    with pytest.raises(TypeError, match="the same name"):
        components([Leaf, dataclass(other)])


def test_a_field_that_is_no_json_is_refused() -> None:
    other = type("Odd", (), {"__annotations__": {"n": complex}, "__module__": __name__})
    with pytest.raises(TypeError, match="no JSON schema"):
        components([dataclass(other)])
