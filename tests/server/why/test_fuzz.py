"""Requests made up from the OpenAPI document, of models that can be asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import mispredict as mp
from mispredict.server import Limits, ServerSettings, create_app

from .conftest import fill

pytestmark = pytest.mark.slow
DOCUMENT = json.loads((Path(__file__).parents[3] / "ui" / "openapi.json").read_text())
EVERY = [item for path in DOCUMENT["paths"].values() for item in path.values()]
OPERATIONS = [item["operationId"] for item in EVERY if item["tags"] == ["explaining"]]
PLACES = [("trees@1", "patients@1"), ("words@1", "notes@1")]
NAMES = {"feature": "radius", "column": "size", "other": "size"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def api(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The schema of a server on a workspace with models."""
    folder = tmp_path_factory.mktemp("fuzzed") / "ws"
    shutil.copytree(filled, folder)
    with mp.open(folder) as workspace:
        fill(workspace)
        limits = Limits(job_queue=10_000, wait_s=5)
        told = ServerSettings(
            limits=limits, trusted_hosts=("testserver",), bundle=Path("no bundle")
        )
        yield schemathesis.openapi.from_asgi("/openapi.json", create_app(workspace, told))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_made_up_questions_are_answered_as_the_document_says(api: Any, operation: str) -> None:
    @given(case=api.find_operation_by_id(operation).as_strategy())
    @settings(
        max_examples=25, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        seed = len(str(case.path_parameters) + str(case.query) + str(case.body))
        model, dataset = PLACES[seed % 2]
        case.path_parameters |= {"model": model, "dataset": dataset}
        if "row" in case.path_parameters and seed % 3:
            case.path_parameters["row"] = 3
        for name, value in NAMES.items():
            if seed % 2 == 0 and seed % 5 and name in (case.query or {}):
                case.query[name] = value
        case.call_and_validate(checks=CHECKS, allow_redirects=False)

    ask()
