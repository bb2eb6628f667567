"""Requests made up from the OpenAPI document: no fault, and answers as it says."""

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

pytestmark = pytest.mark.slow
DOCUMENT = json.loads((Path(__file__).parents[2] / "ui" / "openapi.json").read_text())
OPERATIONS = [item["operationId"] for path in DOCUMENT["paths"].values() for item in path.values()]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def api(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The schema of a server on a copy of the workspace."""
    folder = tmp_path_factory.mktemp("fuzzed") / "ws"
    shutil.copytree(filled, folder)
    with mp.open(folder) as workspace:
        limits = Limits(job_queue=10_000)
        names = ("testserver",)  # as schemathesis calls it
        told = ServerSettings(limits=limits, trusted_hosts=names, bundle=Path("no bundle"))
        yield schemathesis.openapi.from_asgi("/openapi.json", create_app(workspace, told))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_made_up_requests_are_answered_as_the_document_says(api: Any, operation: str) -> None:
    @given(case=api.find_operation_by_id(operation).as_strategy())
    @settings(
        max_examples=20, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        if len(str(case.path_parameters.get("model"))) % 4:  # mostly the one that there is
            case.path_parameters |= {"model": "tumours@1", "dataset": "patients@1"}
        case.call_and_validate(checks=CHECKS, allow_redirects=False)

    ask()
